import { stableId } from "../stable-id.js";
import type { Message } from "./message.js";

/** The messages of one dialogue, or one message that belongs to none. */
export type Unit = Message[];

type Ranked = { rank: string; arrival: number; unit: Unit };

/**
 * About `size` units, spread evenly over contacts: small contacts give all they have, large ones share the rest.
 *
 * Which of a contact's units are picked depends on the seed and their content alone, not on the order in which
 * they come. Holds at most 2 * size units of each contact in memory.
 *
 * @param size at least 1
 */
export class Sample {
  #size: number;
  #seed: number;
  #contacts = new Map<string, Ranked[]>();
  #seen = 0;

  constructor(size: number, seed: number) {
    this.#size = size;
    this.#seed = seed;
  }

  add(unit: Unit): void {
    const { contact, id } = unit[0]!;
    const ranked = this.#contacts.get(contact) ?? [];
    this.#contacts.set(contact, ranked);
    ranked.push({ rank: stableId([this.#seed, id]), arrival: (this.#seen += 1), unit });
    if (ranked.length >= 2 * this.#size) ranked.sort(byRank).splice(this.#size);
  }

  /** The picked units in the order in which they came. */
  units(): Unit[] {
    const contacts = [...this.#contacts.values()].sort((a, b) => a.length - b.length);
    let left = this.#size;
    const picked: Ranked[] = [];
    for (const [index, ranked] of contacts.entries()) {
      const share = Math.ceil(left / (contacts.length - index));
      const taken = ranked.sort(byRank).slice(0, share);
      left -= taken.length;
      picked.push(...taken);
    }
    return picked.sort((a, b) => a.arrival - b.arrival).map(({ unit }) => unit);
  }
}

function byRank(a: Ranked, b: Ranked): number {
  return a.rank < b.rank ? -1 : 1;
}
