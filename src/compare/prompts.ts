import type { Dialogue, Turn } from "../dialogue/dialogue.js";
import { createRandom, shuffle } from "../random.js";

/** A moment in a held-out dialogue at which the person replied. */
export type Prompt = {
  /** Dialogue and turn, such as `d12:3`. */
  id: string;
  dialogueId: string;
  contact: string;
  system: string | null;
  /** The turns before the reply; starts and ends with `user`. */
  context: Turn[];
  /** What the person really wrote. */
  reply: string;
};

/** Every real reply of the held-out dialogues, with at most `contextTurns` turns before it. */
export function listPrompts(dialogues: readonly Dialogue[], contextTurns: number): Prompt[] {
  return dialogues
    .filter(({ split }) => split === "heldout")
    .flatMap((dialogue) => promptsOf(dialogue, contextTurns));
}

function promptsOf(dialogue: Dialogue, contextTurns: number): Prompt[] {
  return dialogue.turns.flatMap((turn, index) => {
    if (turn.role !== "assistant" || turn.origin !== "real" || turn.text.trim() === "") return [];
    const before = dialogue.turns.slice(Math.max(0, index - contextTurns), index);
    const context = before.slice(before.findIndex(({ role }) => role === "user"));
    const { id, contact, system } = dialogue;
    return [{ id: `${id}:${index}`, dialogueId: id, contact, system, context, reply: turn.text }];
  });
}

/**
 * A choice of prompts spread evenly: one contact after the other, within a contact one dialogue after the
 * other. The same prompts and seed give the same choice, in the same order.
 */
export function choosePrompts(prompts: readonly Prompt[], count: number, seed: number): Prompt[] {
  const random = createRandom(`prompts ${seed}`);
  const byContact = group(shuffle(prompts, random), ({ contact }) => contact);
  const queues = byContact.map((ofContact) => takeTurns(group(ofContact, ({ dialogueId }) => dialogueId)));
  return takeTurns(queues).slice(0, count);
}

/** The groups of items with equal keys, in order of first sight. */
export function group<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const members = groups.get(key);
    if (members) members.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}

/** The first of each queue, then the second of each, and so on. */
function takeTurns<Item>(queues: readonly (readonly Item[])[]): Item[] {
  const longest = Math.max(0, ...queues.map(({ length }) => length));
  return Array.from({ length: longest }, (_, place) =>
    queues.flatMap((queue) => queue.slice(place, place + 1)),
  ).flat();
}
