import { type Entry, normalise, textOf } from "./entry.js";

/** A message, however many files hold it: what is written comes from `best`, and links from all. */
export type Merged = {
  best: Entry;
  all: Entry[];
  time: number;
  /** Whether the time is known to the second. */
  exact: boolean;
};

/** A minute with more equal messages is no chat; comparing all with all would take for ever. */
const MOST_COMPARED = 256;

/**
 * The messages of one chat in one minute, each once.
 *
 * Messages of one id are one; of different ids in one source's exports they are two, whatever they say. Else those of
 * two files are one that have the same owner or sender, second and words (or kind, where it is no text); the minute
 * suffices where one file knows only minutes. Each is kept as often as the file that holds it most often does.
 *
 * What only one file has is put behind what comes before it in that file.
 *
 * @param files the messages of each file in its order
 * @param group whether there are more than two people
 */
export function mergeMinute(files: readonly (readonly Entry[])[], group: boolean): Merged[] {
  if (files.length === 1 && areDistinct(files[0]!)) return files[0]!.map(alone);
  const byId = new Map<string, Merged[]>();
  let kept: Merged[] = [];
  for (const entries of files) {
    const open = openByWords(kept);
    const order = new Insertions(kept);
    for (const entry of entries) {
      const merged =
        byId.get(entry.platformId)?.find((one) => isSameId(one, entry)) ??
        (open.size > 0 ? takeSame(open.get(wordsKey(entry)), entry, group) : undefined);
      if (merged) {
        add(merged, entry);
        order.pass(merged);
      }
      const one = merged ?? alone(entry);
      if (!merged) order.insert(one);
      if (entry.platformId !== "") put(byId, entry.platformId, one);
    }
    kept = order.result();
  }
  // Stable: where times are equal, the order of the files stays.
  return kept.sort((a, b) => a.time - b.time);
}

function alone(entry: Entry): Merged {
  return { best: entry, all: [entry], time: entry.time!, exact: !entry.origin.coarse };
}

/** Up to here all ids are compared with all. */
const FEW = 8;

/** Whether no two of a few messages have the same id. */
function areDistinct(entries: readonly Entry[]): boolean {
  if (entries.length > FEW) return false;
  return entries.every(
    ({ platformId }, at) =>
      platformId === "" || entries.findLastIndex((other) => other.platformId === platformId) === at,
  );
}

/**
 * A list that things are put into: behind what was passed before them, or, where nothing was, ahead of what is passed
 * next, or else at the end.
 */
class Insertions {
  /** In order, each with what comes behind it. */
  #list: Map<Merged, Merged[]>;
  #first: Merged[] = [];
  #firstPassed: Merged | undefined;
  #place: Merged[] = this.#first;

  constructor(list: readonly Merged[]) {
    this.#list = new Map(list.map((one) => [one, []]));
  }

  pass(merged: Merged): void {
    const place = this.#list.get(merged);
    // What was put in itself is passed already.
    if (!place) return;
    this.#firstPassed ??= merged;
    this.#place = place;
  }

  insert(merged: Merged): void {
    this.#place.push(merged);
  }

  result(): Merged[] {
    const parts: Merged[][] = [];
    for (const [one, behind] of this.#list) {
      if (one === this.#firstPassed) parts.push(this.#first);
      parts.push([one], behind);
    }
    if (this.#firstPassed === undefined) parts.push(this.#first);
    return parts.flat();
  }
}

/** Messages by what they say, the last first. */
function openByWords(kept: readonly Merged[]): Map<string, Merged[]> {
  const open = new Map<string, Merged[]>();
  for (const merged of kept.toReversed()) {
    for (const words of new Set(merged.all.map(wordsKey))) put(open, words, merged);
  }
  return open;
}

/** Takes the first out that is the same message as an entry of a file which has not been compared with it. */
function takeSame(open: Merged[] | undefined, entry: Entry, group: boolean): Merged | undefined {
  if (!open) return undefined;
  const end = Math.max(0, open.length - MOST_COMPARED);
  for (let at = open.length - 1; at >= end; at -= 1) {
    if (isSameMessage(open[at]!, entry, group)) return open.splice(at, 1)[0];
  }
  return undefined;
}

/** What two exports of one message agree in. */
function wordsKey(entry: Entry): string {
  const words = entry.kind === "text" ? `=${normalise(textOf(entry))}` : entry.kind;
  return `${Number(entry.owner)}${words}`;
}

function isSameId({ all }: Merged, { origin, platformId }: Entry): boolean {
  return all.some((one) => one.platformId === platformId && isSamePlatform(one, origin.source.platform));
}

function isSameMessage({ all, time, exact }: Merged, entry: Entry, group: boolean): boolean {
  const { origin } = entry;
  if (exact && !origin.coarse && time !== entry.time) return false;
  return all.every(
    (one) =>
      one.origin.segment !== origin.segment &&
      isSamePlatform(one, origin.source.platform) &&
      !(one.origin.source === origin.source && bothAndDifferent(one.platformId, entry.platformId)) &&
      (!group || one.owner || mayBeSameSender(one, entry)),
  );
}

function isSamePlatform({ origin }: Entry, platform: string): boolean {
  const own = origin.source.platform;
  return own === platform || own === "any" || platform === "any";
}

/** Tools call people by account, remark, nickname or card: only what one tool calls differently is different. */
function mayBeSameSender(a: Entry, b: Entry): boolean {
  if (a.origin.source !== b.origin.source) return true;
  if (a.by.senderId !== null && b.by.senderId !== null) return a.by.senderId === b.by.senderId;
  return a.by.sender === b.by.sender;
}

function bothAndDifferent(a: string, b: string): boolean {
  return a !== "" && b !== "" && a !== b;
}

function add(merged: Merged, entry: Entry): void {
  if (!merged.exact && !entry.origin.coarse) {
    merged.time = entry.time!;
    merged.exact = true;
  }
  if (isBetter(entry, merged.best)) merged.best = entry;
  merged.all.push(entry);
}

/** The fuller export gives the words; of equal ones the later, where a message may have been changed since. */
function isBetter(a: Entry, b: Entry): boolean {
  const rank = a.origin.source.rank - b.origin.source.rank;
  return rank > 0 || (rank === 0 && a.origin.until > b.origin.until);
}

function put(known: Map<string, Merged[]>, key: string, merged: Merged): void {
  const list = known.get(key);
  if (!list) known.set(key, [merged]);
  else if (list.at(-1) !== merged) list.push(merged);
}
