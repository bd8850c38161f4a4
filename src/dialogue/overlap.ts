import { breathe, type Run } from "../progress.js";
import { comparable } from "./comparable.js";
import { findContained } from "./containment.js";
import type { Dialogue } from "./dialogue.js";
import { Groups } from "./groups.js";
import { findNearDuplicates } from "./near-duplicates.js";

type Spoken = Pick<Dialogue, "turns"> & { sessions: readonly number[] };

/** Only longer texts are compared for likeness; shorter ones are alike by chance. */
const LIKENESS_CHARACTERS = 40;
const LIKENESS = 0.8;

/** So many dialogues are looked at between two reports. */
const STEP = 10_000;

/** What must not be on different sides of a split. */
export type Overlap = {
  /** The group of each dialogue: those of a group belong on one side. */
  groups: Int32Array;
  /** Whether each dialogue occurs whole inside one of another group, and so can never be held out. */
  contained: boolean[];
};

/**
 * Which dialogues say the same. Two belong together when they open with the same question and answer, share a longer
 * question with its answer, or when the whole of them, or one of the replies, is nearly the same text; and also when
 * they are parts of one session.
 */
export async function findOverlap(dialogues: readonly Spoken[], run: Run = {}): Promise<Overlap> {
  const step = (done: number): Promise<void> =>
    breathe(run, { stage: "dialogue", done, total: dialogues.length, unit: "dialogues", note: "copies" });
  const groups = new Groups(dialogues.length);
  const firstWith = new Map<string | number, number>();
  const joinByKey = (key: string | number, index: number): void => {
    const first = firstWith.get(key);
    if (first === undefined) firstWith.set(key, index);
    else groups.join(first, index);
  };
  const texts = dialogues.map(({ turns }) => comparable(turns.map(({ text }) => text).join("\n")));
  const long = new Map<string, number>();
  for (const [index, { turns, sessions }] of dialogues.entries()) {
    if (index % STEP === 0) await step(index);
    for (const session of sessions) joinByKey(session, index);
    joinByKey(texts[index]!, index);
    for (let at = 0; at < turns.length; at += 2) {
      const [question, answer] = [comparable(turns[at]!.text), comparable(turns[at + 1]!.text)];
      const pair = `${question}\n${answer}`;
      if (at === 0 || pair.length > LIKENESS_CHARACTERS) joinByKey(pair, index);
      for (const text of [texts[index]!, answer]) {
        if (text.length <= LIKENESS_CHARACTERS) continue;
        if (long.has(text)) groups.join(long.get(text)!, index);
        else long.set(text, index);
      }
    }
  }
  const owners = [...long.values()];
  await findNearDuplicates(
    [...long.keys()],
    {
      threshold: LIKENESS,
      joined: (a, b) => groups.of(owners[a]!) === groups.of(owners[b]!),
      found: (a, b) => groups.join(owners[a]!, owners[b]!),
    },
    run,
  );
  const found = Int32Array.from(dialogues, (_, index) => groups.of(index));
  return { groups: found, contained: await findContained(texts, found, run) };
}
