import { units } from "./units.js";

/** Two replies are the same if they differ in case, outer blanks and final marks only. */
function normalise(reply: string): string {
  return reply
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\s+/gu, " ")
    .trim()
    .replace(/[.!?。！？~～…]+$/u, "");
}

/** How often the most common reply occurs. */
export function countTopReply(replies: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const reply of replies) {
    const key = normalise(reply);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values());
}

/** How many pairs of neighbouring units the replies hold together. */
export function countPairs(replies: readonly string[]): number {
  return replies.reduce((sum, reply) => sum + Math.max(0, units(reply).length - 1), 0);
}

/**
 * Different pairs of neighbouring units among the first `budget` pairs, as a share of them; null without a pair.
 *
 * The share falls as text grows, so systems can be compared only at the same budget.
 *
 * @source Li et al. 2016, "A Diversity-Promoting Objective Function for Neural Conversation Models", distinct-2
 */
export function distinct2(replies: readonly string[], budget: number): number | null {
  const seen = new Set<string>();
  let count = 0;
  for (const reply of replies) {
    const parts = units(reply);
    for (let at = 1; at < parts.length && count < budget; at += 1) {
      seen.add(`${parts[at - 1]} ${parts[at]}`);
      count += 1;
    }
  }
  return count === 0 ? null : seen.size / count;
}
