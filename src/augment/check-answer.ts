import type { Turn } from "../dialogue/dialogue.js";
import { languageOf } from "./prompt.js";

/** What answers are held against. */
export type Yardstick = {
  /** Characters that 95 of 100 of the person's replies do not exceed. */
  replyCharacters: number;
  /** What the model was told, in case it repeats it. */
  instructions: string;
};

/** A reply may be twice as long as all but the longest real ones, and a short one as long as this. */
const TIMES = 2;
const SHORT = 40;
/** No fragment becomes longer than this by an opening and three exchanges. */
const MAX_ADDED_TURNS = 14;
/** So many characters of the instructions in a row are no accident. */
const LEAK_CHARACTERS = { zh: 10, en: 28 };

const GREETING = /^\s*(?:嘿|嗨|hey\b|hi\b)/iu;
/** Digits that could reach somebody, and addresses. */
const REACHABLE = /\d[\d -]{5,}\d|[\w.+-]+@[\w-]+\.\w+/g;

/** Characters that a made-up message may have. */
export function longestMessage(replyCharacters: number): number {
  return Math.max(SHORT, TIMES * replyCharacters);
}

/**
 * What is wrong with a dialogue that a model made of a fragment; null if nothing is.
 *
 * Held to it is what the model added or changed; what was really said is as it was.
 */
export function checkAnswer(
  original: readonly Turn[],
  turns: readonly Turn[],
  { replyCharacters, instructions }: Yardstick,
): string | null {
  if (turns[0]?.role !== "user") return "its first item is not user";
  if (turns.at(-1)?.role !== "assistant") return "its last item is not assistant";
  if (turns.some(({ role }, index) => role === turns[index - 1]?.role)) return "its roles do not take turns";
  if (turns.length <= original.length) return "nothing was added";
  if (turns.length > original.length + MAX_ADDED_TURNS) return "far too many messages were added";
  const added = turns.filter(({ origin }) => origin !== "real");
  const longest = longestMessage(replyCharacters);
  const said = original.map(({ text }) => text).join("\n");
  const language = languageOf([said]);
  if (GREETING.test(turns[0].text) && turns[0].origin !== "real")
    return "it begins with a greeting such as 嘿 or Hey";
  for (const { role, text } of added) {
    const characters = [...text].length;
    if (characters > longest)
      return `a message of ${role} has ${characters} characters (at most ${longest} in this chat)`;
    if ((text.match(REACHABLE) ?? []).some((found) => !said.includes(found)))
      return "it makes up a number or an address";
  }
  const words = added.map(({ text }) => text).join("\n");
  if (/\p{L}{4}/u.test(words) && languageOf([words]) !== language) return "it changes the language";
  if (repeatsInstructions(words, instructions, LEAK_CHARACTERS[language]))
    return "it repeats the instructions";
  return null;
}

function repeatsInstructions(words: string, instructions: string, length: number): boolean {
  const told = instructions.replaceAll(/\s+/g, " ");
  const said = words.replaceAll(/\s+/g, " ");
  for (let at = 0; at + length <= said.length; at += 1) {
    if (told.includes(said.slice(at, at + length))) return true;
  }
  return false;
}
