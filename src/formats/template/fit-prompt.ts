import type { Turn } from "../../dialogue/dialogue.js";
import { LimitExceeded } from "../../errors.js";
import type { Codec } from "./codec.js";
import { encodePrompt } from "./encode.js";

/** A conversation so far: turns alternate, and the last is the user's. */
export type History = { system: string | null; turns: readonly Pick<Turn, "role" | "text">[] };

/**
 * The ids of a conversation up to the reply, at most `limit` of them: the oldest turns are left out, always so that the
 * conversation still begins with the user. The system text stays.
 *
 * @param stage the stage word, for errors
 * @throws {LimitExceeded} the last turn does not fit even alone
 */
export function fitPrompt(
  { tokenizer, template }: Codec,
  history: History,
  limit: number,
  stage: string,
): number[] {
  const turns = history.turns.map((turn) => ({ ...turn, weight: 0 }));
  const promptFrom = (start: number): number[] =>
    encodePrompt(tokenizer, template, { system: history.system, turns: turns.slice(start) });
  const starts = turns.flatMap(({ role }, index) => (role === "user" ? [index] : []));
  // A later start gives a shorter prompt, so the earliest that fits can be found by halving.
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (promptFrom(starts[middle]!).length <= limit) high = middle;
    else low = middle + 1;
  }
  const prompt = promptFrom(starts[low] ?? 0);
  if (prompt.length <= limit) return prompt;
  throw new LimitExceeded(
    `${stage} message: ${prompt.length} tokens with the system text (at most ${Math.max(0, limit)}). Send a shorter one, raise --context-tokens (num_ctx in a request) or lower --max-tokens (num_predict).`,
    { stage },
  );
}
