import { units } from "./units.js";

/** Laughing is no loop: a unit of one or two characters that comes three times or more in a row is kept twice. */
function foldRuns(text: string): string {
  return text.replace(/(\S{1,2}?)\1{2,}/gu, "$1$1");
}

/** Whether three units (words, or Chinese characters) in a row come three times or more. */
export function hasRepeatedTrigram(reply: string): boolean {
  const parts = units(foldRuns(reply)).filter((unit, index, all) => unit !== all[index - 1]);
  const seen = new Map<string, number>();
  for (let at = 0; at + 3 <= parts.length; at += 1) {
    const trigram = parts.slice(at, at + 3).join(" ");
    const count = (seen.get(trigram) ?? 0) + 1;
    if (count >= 3) return true;
    seen.set(trigram, count);
  }
  return false;
}

const SHORTEST = 20;

/** Whether a reply of more than 20 characters holds a stretch of more than half its length twice, overlaps allowed. */
export function hasLongRepeat(reply: string): boolean {
  const text = foldRuns(reply);
  if (text.length <= SHORTEST) return false;
  const length = Math.floor(text.length / 2) + 1;
  const seen = new Set<string>();
  for (let at = 0; at + length <= text.length; at += 1) {
    const stretch = text.slice(at, at + length);
    if (seen.has(stretch)) return true;
    seen.add(stretch);
  }
  return false;
}
