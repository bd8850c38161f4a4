import { stableId } from "../stable-id.js";
import type { Run } from "../progress.js";
import type { Dialogue } from "./dialogue.js";
import { findOverlap } from "./overlap.js";

/** Enough to compare with, where this many are not too large a part of the whole. */
const ENOUGH = 30;
const LARGEST_SHARE_FOR_ENOUGH = 0.2;

/** How far back in a contact's chat, in dialogues, held-out ones are looked for. */
const NEWEST_PART = 0.5;

/** How many dialogues a share of `heldOut` means. */
export function heldOutTarget(dialogues: number, heldOut: number): number {
  if (heldOut === 0) return 0;
  const enough = Math.min(ENOUGH, Math.floor(dialogues * LARGEST_SHARE_FOR_ENOUGH));
  return Math.max(Math.round(dialogues * heldOut), enough);
}

/** `sessions`: numbers of the sessions that its messages are of; dialogues that share one belong on one side. */
export type Unsplit = Pick<Dialogue, "id" | "contact" | "time" | "turns"> & { sessions: readonly number[] };

/**
 * The ids of the dialogues to hold out: where times are known the newest of each contact, elsewhere by the seed.
 *
 * No held-out dialogue is nearly, exactly or in whole part of one in training, or of a session of which another part
 * is in training; where too few are free of such overlap, fewer are held out. The order in which the dialogues are given makes no difference.
 *
 * @param heldOut share, 0 to 0.5
 */
export async function chooseHeldOut(
  dialogues: readonly Unsplit[],
  { heldOut, seed }: { heldOut: number; seed: number },
  run: Run = {},
): Promise<Set<string>> {
  const ordered = dialogues.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const target = heldOutTarget(ordered.length, heldOut);
  if (target === 0) return new Set();
  const groups = await freeGroups(ordered, run);
  const { timed, untimed } = byContact(ordered);
  const chosen: Unsplit[] = [];
  let due = 0;
  for (const chat of [...timed, untimed]) {
    due += (target * chat.length) / ordered.length;
    // Parts of a dialogue carry over, so that many small contacts give their share together.
    const share = Math.round(due) - chosen.length;
    if (share > 0)
      chosen.push(...(chat === untimed ? bySeed(chat, groups, share, seed) : newest(chat, groups, share)));
  }
  return new Set(chosen.map(({ id }) => id));
}

/** Dialogues that belong together; null where one of them may not be held out. */
type Group = { members: Unsplit[] } | null;

/** The group of each dialogue, those alone included. */
async function freeGroups(dialogues: readonly Unsplit[], run: Run): Promise<Map<Unsplit, Group>> {
  const { groups, contained } = await findOverlap(dialogues, run);
  const byNumber = new Map<number, Unsplit[]>();
  const taken = new Set<number>();
  for (const [index, dialogue] of dialogues.entries()) {
    const number = groups[index]!;
    const members = byNumber.get(number);
    if (members) members.push(dialogue);
    else byNumber.set(number, [dialogue]);
    if (contained[index]) taken.add(number);
  }
  const free = new Map<Unsplit, Group>();
  for (const [number, members] of byNumber) {
    const group = taken.has(number) ? null : { members };
    for (const member of members) free.set(member, group);
  }
  return free;
}

function byContact(dialogues: readonly Unsplit[]): { timed: Unsplit[][]; untimed: Unsplit[] } {
  const timed = new Map<string, Unsplit[]>();
  const untimed: Unsplit[] = [];
  for (const dialogue of dialogues) {
    if (dialogue.time === null) untimed.push(dialogue);
    else if (timed.has(dialogue.contact)) timed.get(dialogue.contact)!.push(dialogue);
    else timed.set(dialogue.contact, [dialogue]);
  }
  return { timed: [...timed.values()], untimed };
}

/** Whole groups from the newest dialogue back, until there are enough; a group that reaches further back stays. */
function newest(chat: readonly Unsplit[], groups: ReadonlyMap<Unsplit, Group>, share: number): Unsplit[] {
  const back = chat.toSorted((a, b) => b.time! - a.time!);
  const seen = new Map<Group, number>();
  const taken: Unsplit[] = [];
  for (const dialogue of back.slice(0, Math.max(share, Math.floor(chat.length * NEWEST_PART)))) {
    if (taken.length >= share) break;
    const group = groups.get(dialogue)!;
    if (group === null) continue;
    const count = (seen.get(group) ?? 0) + 1;
    seen.set(group, count);
    if (count === group.members.length) taken.push(...group.members);
  }
  return taken;
}

/** Whole groups in an order that the seed decides, as long as they fit. */
function bySeed(
  chat: readonly Unsplit[],
  groups: ReadonlyMap<Unsplit, Group>,
  share: number,
  seed: number,
): Unsplit[] {
  const candidates = [...new Set(chat.map((dialogue) => groups.get(dialogue)!))]
    .filter((group) => group !== null)
    .filter(({ members }) => members.every(({ time }) => time === null))
    .map(({ members }) => ({ members, rank: stableId([seed, members[0]!.id]) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1));
  const taken: Unsplit[] = [];
  for (const { members } of candidates) {
    if (taken.length + members.length <= share) taken.push(...members);
    if (taken.length === share) break;
  }
  return taken;
}
