import { readJsonLineValues } from "../../reading/json.js";
import type { ChatFile, Found, Head, ReadContext, Source } from "../source.js";
import { readDialogues } from "./training-dialogues.js";

/**
 * Training data with one dialogue a line: OpenAI's `messages`, ShareGPT's `conversations`, or Alpaca.
 *
 * @source LLaMA-Factory, data/README.md (openai, sharegpt and alpaca formats)
 */
export const trainingJsonl: Source = {
  id: "training-jsonl",
  label: "training data as JSON Lines (OpenAI, ShareGPT, Alpaca)",
  platform: "any",
  rank: 1,
  sniff,
  read,
};

const TURNS = /"(?:conversations|messages)"\s*:\s*\[\s*\{\s*"(?:role|from|content|value)"\s*:/;

function sniff({ text }: Head): number {
  const line = /^\s*(\{[^\r\n]*)/.exec(text)?.[1];
  if (line === undefined) return 0;
  const alpaca = /"instruction"\s*:/.test(line) && /"output"\s*:/.test(line);
  return TURNS.test(line) || alpaca ? 0.9 : 0;
}

async function* read(file: ChatFile, context: ReadContext): AsyncIterable<Found> {
  yield* readDialogues(readJsonLineValues(file), context, "line");
}
