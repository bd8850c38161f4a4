import { MalformedInput, Unavailable } from "../errors.js";
import type { Run } from "../progress.js";
import type { Contact } from "./contacts.js";
import { type Entry, normalise, textOf } from "./entry.js";
import { askedFor, candidatesFor } from "./owner-question.js";
import { type Platform, PLATFORMS } from "./platforms.js";
import type { Speaker } from "./spool/segment.js";
import { splitList } from "./text-list.js";

/** What one file says about who spoke in it. */
export type Voices = {
  platform: Platform;
  speakers: readonly Speaker[];
  /** Who the owner is by the format itself. */
  owners: readonly string[];
  /** The contact of each speaker's chat. */
  contacts: readonly Contact[];
};

/** Who the owner is in every file. */
export class Owner {
  /** The answers that the person gave, in order; empty if nothing had to be asked. */
  readonly answers: readonly string[];
  /** How messages call the owner whatever their export does; empty if each keeps what it says. */
  readonly display: string;
  #names: Set<string>;
  #isOwner: boolean[][];

  constructor(found: { answers: string[]; names: Set<string>; isOwner: boolean[][]; display: string }) {
    this.answers = found.answers;
    this.#names = found.names;
    this.#isOwner = found.isOwner;
    this.display = found.display;
  }

  /** Whether a speaker of a file is the owner. */
  is(file: number, speaker: number): boolean {
    return this.#isOwner[file]![speaker]!;
  }

  /** What the owner is called in a message that has this sender. */
  nameFor(sender: string): string {
    return this.display || sender || NAMELESS_OWNER;
  }

  /** Whether a message names the owner: among those it addresses, or as `@name` in its words. */
  isAddressed(best: Entry, all: readonly Entry[]): boolean {
    if (all.some(({ extras }) => extras?.mentions?.some((name) => this.#names.has(normalise(name)))))
      return true;
    if (best.kind !== "text" || !best.text.includes("@")) return false;
    const text = normalise(textOf(best));
    for (const name of this.#names) {
      const at = text.indexOf(`@${name}`);
      // In scripts that part words, a longer name is another one.
      if (at >= 0 && !/^[a-z0-9]{2}/i.test(text.slice(at + name.length, at + name.length + 2))) return true;
    }
    return false;
  }
}

/** The name of an owner whom neither a setting nor the export names. */
const NAMELESS_OWNER = "me";

/**
 * Finds out who the owner is where a format does not mark it: whom the setting or the format names, or who is marked in
 * other files of the same platform. Where that tells nothing about a platform, the person is asked.
 *
 * @param setting names and account ids between commas
 * @param remember is given the setting with every answer added
 * @throws {Unavailable} there is nobody to answer
 * @throws {MalformedInput} the same, though the setting names somebody
 */
export async function findOwner(
  files: readonly Voices[],
  setting: string,
  run: Run,
  remember: (answers: readonly string[]) => Promise<void>,
): Promise<Owner> {
  const given = splitList(setting);
  const answers: string[] = [];
  const byPlatform = markedOwners(files);
  const marked = new Set([...byPlatform.values()].flatMap((names) => [...names]));
  const told = () => [...given, ...answers].map(normalise);
  const platforms = [...new Set(files.map(({ platform }) => platform))].sort();
  const unanswered: Voices[] = [];
  for (const platform of platforms) {
    const open = files.filter((file) => file.platform === platform && isOpen(file));
    const known = new Set([...told(), ...byPlatform.get(platform)!]);
    if (open.length === 0 || open.some((file) => file.speakers.some((one) => isAmong(one, known)))) continue;
    const answer = await run.ask?.({ what: askedFor(platform), candidates: candidatesFor(open, marked) });
    run.signal?.throwIfAborted();
    if (answer === undefined) {
      unanswered.push(...open);
      continue;
    }
    answers.push(answer);
    await remember(answers);
  }
  if (unanswered.length > 0) throw unknownOwner(unanswered, given.length > 0);
  const known = new Map(
    platforms.map((platform) => [platform, new Set([...told(), ...byPlatform.get(platform)!])]),
  );
  const isOwner = files.map(({ platform, owners, speakers }) => {
    const own = owners.length > 0 ? new Set(owners.map(normalise)) : known.get(platform)!;
    return speakers.map((speaker) => speaker.owner ?? isAmong(speaker, own));
  });
  const names = new Set([...marked, ...told()]);
  const ids = new Set(files.flatMap(({ speakers }) => speakers.flatMap(({ senderId }) => senderId ?? [])));
  const display = [...given, ...answers].find((name) => !ids.has(name)) ?? "";
  return new Owner({ answers, names, isOwner, display });
}

/** Names and ids that formats mark or imply as the owner's, by platform, without those that somebody else has too. */
function markedOwners(files: readonly Voices[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const others = new Set<string>();
  for (const { platform, speakers, owners } of files) {
    const own = found.get(platform) ?? new Set<string>();
    found.set(platform, own);
    for (const name of owners) own.add(normalise(name));
    for (const { owner, sender, senderId } of speakers) {
      if (owner === false) others.add(`${platform}\n${normalise(sender)}`);
      if (owner !== true) continue;
      if (sender !== "") own.add(normalise(sender));
      if (senderId) own.add(normalise(senderId));
    }
  }
  for (const [platform, own] of found) {
    for (const name of own) if (others.has(`${platform}\n${name}`)) own.delete(name);
  }
  return found;
}

/** Whether somebody speaks in a file of whom it cannot be told whether it is the owner. */
function isOpen({ owners, speakers }: Voices): boolean {
  return (
    owners.length === 0 &&
    speakers.some(({ owner, sender, senderId }) => owner === null && (sender !== "" || senderId !== null))
  );
}

function isAmong({ sender, senderId }: Speaker, names: ReadonlySet<string>): boolean {
  return names.has(normalise(sender)) || (senderId !== null && names.has(normalise(senderId)));
}

function unknownOwner(files: readonly Voices[], named: boolean): Unavailable | MalformedInput {
  const place = { stage: "import" };
  const platforms = [...new Set(files.flatMap(({ platform }) => PLATFORMS[platform] || []))].join(", ");
  const which = platforms === "" ? "" : ` (${platforms})`;
  const what = `${files.length === 1 ? "1 file does" : `${files.length} files do`} not mark which sender is you${which}`;
  if (named) {
    return new MalformedInput(
      `import owner: ${what}, and nobody there has a name or id that --owner gives. Give your name as these chats show it, several between commas.`,
      place,
    );
  }
  return new Unavailable(
    `import owner: ${what}. Say it with --owner <your name as the chats show it>; several names stand between commas.`,
    place,
  );
}
