import type { Turn } from "../dialogue.js";

/** Bubbles of the side that does the talking, at least, and how many times those of the other. */
const MANY = 20;
const TIMES = 10;

/** Whether only one side really talks: a long run of messages with a word of the other in between. */
export function isOneSided(turns: readonly Pick<Turn, "role" | "text">[]): boolean {
  const bubbles = { user: 0, assistant: 0 };
  for (const { role, text } of turns) bubbles[role] += text.split("\n").length;
  const [less, more] = [bubbles.user, bubbles.assistant].sort((a, b) => a - b) as [number, number];
  return more >= MANY && more >= TIMES * less;
}
