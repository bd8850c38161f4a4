/** Above this many characters two equal dialogues are one dialogue, whatever contact each file names. */
const CHANCE_CHARACTERS = 40;

/** What is asked about each dialogue (or message with a time) of a file. */
export type Occurrence = { contact: string; key: string; characters: number };

/**
 * Tells copies from repeats. An export holds each dialogue once, so equal dialogues within one file are a person
 * saying the same thing again, and are kept; equal ones in another file (train and dev, a merged file, an
 * export made again) are the same dialogue. So each is kept as often as the file that holds it most often does.
 *
 * Short dialogues are compared within a contact only, for people say `ok?`, `ok` to everyone; a merged file, which
 * names no contact, is compared with all. Files that name their contact have to come first.
 */
export class Copies {
  #unknown: string;
  #kept = new Map<string, number>();
  #inFile = new Map<string, number>();

  /** @param unknown the contact's name in files that name none */
  constructor(unknown: string) {
    this.#unknown = unknown;
  }

  startFile(): void {
    this.#inFile.clear();
  }

  /** How many equal ones the contact has with this one, or null if this one is a copy. */
  keep({ contact, key, characters }: Occurrence): number | null {
    const inFile = increment(this.#inFile, key);
    const own = `${contact}\n${key}`;
    const anywhere = characters > CHANCE_CHARACTERS || contact === this.#unknown;
    if (inFile <= (this.#kept.get(anywhere ? key : own) ?? 0)) return null;
    increment(this.#kept, key);
    return increment(this.#kept, own);
  }
}

function increment(counts: Map<string, number>, key: string): number {
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  return count;
}
