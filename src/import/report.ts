import type { Skipped } from "./find-files.js";
import type { Message } from "./message.js";
import type { Draft } from "./sources/source.js";

/** How much of something was kept. */
export type Counts = { dialogues: number; messages: number };

/** What became of one file that was read. */
export type FileReport = Counts & {
  file: string;
  source: string;
  contact: string;
  /** Dialogues (or messages with a time) that another file had already given. */
  duplicates: number;
  /** How many things could not be imported; the first 20 of them are in the report's `problems`. */
  problems: number;
  notes: string[];
};

/** Something that could not be imported, and where it is. */
export type Problem = { file: string; place: string; what: string };

/**
 * What `import.json` holds. Counts of files are before a sample is taken, all others say what `messages.jsonl` holds.
 * A message that has a time and belongs to no dialogue yet counts as a message only.
 */
export type ImportReport = Counts & {
  owner: {
    /** Null if no sentence and no setting tells it. */
    name: string | null;
    how: "setting" | "system-prompt" | "unknown";
    /** Other names that system prompts give the one who answers, and in how many dialogues. */
    otherNames: Record<string, number>;
  };
  duplicates: number;
  /** Dialogues left out because a sample was asked for. */
  notSampled: number;
  sources: Record<string, Counts & { files: number }>;
  contacts: (Counts & { contact: string })[];
  files: FileReport[];
  skipped: Skipped[];
  problems: Problem[];
};

const LISTED_PROBLEMS = 20;

/** Counts along while an import runs. */
export class Tally {
  readonly files: FileReport[] = [];
  readonly problems: Problem[] = [];
  #total: Counts = { dialogues: 0, messages: 0 };
  #sources = new Map<string, Counts>();
  #contacts = new Map<string, Counts>();
  #names = new Map<string, number>();

  startFile(file: string, source: string, contact: string): FileReport {
    const report = {
      file,
      source,
      contact,
      dialogues: 0,
      messages: 0,
      duplicates: 0,
      problems: 0,
      notes: [],
    };
    this.files.push(report);
    return report;
  }

  problem(file: FileReport, place: string, what: string): void {
    file.problems += 1;
    if (file.problems <= LISTED_PROBLEMS) this.problems.push({ file: file.file, place, what });
  }

  /** A dialogue or timed message that its file gave and that is no copy. */
  found(file: FileReport, unit: readonly Draft[]): void {
    add(file, unit);
    const own = unit.find(({ owner }) => owner)?.sender ?? "";
    if (own !== "") this.#names.set(own, (this.#names.get(own) ?? 0) + 1);
  }

  /** A dialogue or timed message that is being written. */
  written(unit: readonly Message[]): void {
    const { source, contact } = unit[0]!;
    for (const [map, key] of [
      [this.#sources, source],
      [this.#contacts, contact],
    ] as const) {
      if (!map.has(key)) map.set(key, { dialogues: 0, messages: 0 });
      add(map.get(key)!, unit);
    }
    add(this.#total, unit);
  }

  report(owner: string, skipped: Skipped[]): ImportReport {
    const sum = (count: (file: FileReport) => number) =>
      this.files.reduce((total, file) => total + count(file), 0);
    const filesOf = (source: string) => this.files.filter((file) => file.source === source).length;
    return {
      ...this.#total,
      owner: decideOwner(owner, this.#names),
      duplicates: sum((file) => file.duplicates),
      notSampled: sum((file) => file.dialogues) - this.#total.dialogues,
      sources: Object.fromEntries(
        [...this.#sources].map(([id, counts]) => [id, { files: filesOf(id), ...counts }]),
      ),
      contacts: [...this.#contacts].map(([contact, counts]) => ({ contact, ...counts })),
      files: this.files,
      skipped,
      problems: this.problems,
    };
  }
}

function add(counts: Counts, unit: readonly { session: unknown }[]): void {
  counts.dialogues += unit[0]!.session === null ? 0 : 1;
  counts.messages += unit.length;
}

/** The owner by majority of the system prompts, unless the setting says it. */
function decideOwner(setting: string, names: ReadonlyMap<string, number>): ImportReport["owner"] {
  const ranked = [...names].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const name = setting || (ranked[0]?.[0] ?? null);
  const how = setting ? "setting" : name === null ? "unknown" : "system-prompt";
  return { name, how, otherNames: Object.fromEntries(ranked.filter(([other]) => other !== name)) };
}
