import { readJsonValues } from "../../reading/json.js";
import type { ChatFile, Found, Head, ReadContext, Source } from "../source.js";
import { readDialogues } from "./training-dialogues.js";

/**
 * Training data as a JSON list whose turns say `from` and `value`, in the manner of ShareGPT: `human` and `gpt`.
 *
 * @source LLaMA-Factory, data/README.md
 */
export const sharegptJson: Source = {
  id: "sharegpt-json",
  label: "ShareGPT's JSON",
  platform: "any",
  rank: 1,
  sniff,
  read,
};

function sniff({ text }: Head): number {
  if (!/^\s*\[\s*\{/.test(text)) return 0;
  return /"conversations"\s*:\s*\[\s*\{\s*"(?:from|value)"\s*:/.test(text) ? 0.95 : 0;
}

async function* read(file: ChatFile, context: ReadContext): AsyncIterable<Found> {
  yield* readDialogues(readJsonValues(file, ["*"]), context);
}
