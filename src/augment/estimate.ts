import type { Dialogue } from "../dialogue/dialogue.js";
import { fragmentText, instructions, languageOf, type Mode, type Rules } from "./prompt.js";

/** Tokens of a Han character, and of any other, in vocabularies of today; within a third for chats. */
const PER_HAN = 0.7;
const PER_OTHER = 0.3;
/** What an opening and three exchanges take beside the fragment. */
const ADDED_TOKENS = 150;

/** What asking about dialogues takes: bytes and tokens out, tokens back. Repeated questions are not in it. */
export type Estimate = { dialogues: number; bytes: number; promptTokens: number; answerTokens: number };

/** Estimates what completing dialogues takes. */
export function estimate(
  dialogues: readonly Pick<Dialogue, "turns">[],
  { rules, mode }: { rules: Rules; mode: Mode },
): Estimate {
  const total: Estimate = { dialogues: dialogues.length, bytes: 0, promptTokens: 0, answerTokens: 0 };
  for (const { turns } of dialogues) {
    const language = languageOf(turns.map(({ text }) => text));
    const [told, fragment] = [instructions(rules, language, mode), fragmentText(turns)];
    total.bytes += Buffer.byteLength(told) + Buffer.byteLength(fragment);
    total.promptTokens += tokensOf(told) + tokensOf(fragment);
    total.answerTokens += tokensOf(fragment) + ADDED_TOKENS;
  }
  return total;
}

/** About how many tokens a text is, in vocabularies of today. */
export function tokensOf(text: string): number {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  return Math.round(han * PER_HAN + (text.length - han) * PER_OTHER);
}
