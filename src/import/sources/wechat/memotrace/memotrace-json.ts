import { readJsonValues } from "../../../reading/json.js";
import type { ChatFile, Found, Head, ReadContext, Source } from "../../source.js";
import { readDialogues } from "../../training/training-dialogues.js";

/**
 * What MemoTrace (留痕, WeChatMsg) exports for training: a JSON list of dialogues without times, as `conversations`
 * (version 2; version 3 for ChatGLM3), `messages` (GLM4) or Alpaca with history; also the same shapes by others.
 *
 * @source LC044/WeChatMsg, app/util/exporter; LLaMA-Factory, data/README.md
 */
export const memotraceJson: Source = {
  id: "memotrace-json",
  label: "MemoTrace's JSON for training",
  platform: "any",
  rank: 1,
  sniff,
  read,
};

function sniff({ text, fileName }: Head): number {
  if (/^\s*\[\s*\{/.test(text)) {
    if (/"(?:conversations|messages)"\s*:\s*\[\s*(?:\]|\{\s*"(?:role|from|content|value)"\s*:)/.test(text))
      return 0.9;
    if (/"instruction"\s*:/.test(text) && /"(?:output|history)"\s*:/.test(text)) return 0.9;
  }
  // A contact without texts; a damaged file whose name says what it should have been.
  if (/^\s*\[\s*\]\s*$/.test(text)) return 0.5;
  return /(?:^|[_-])(?:train|dev)(?:\(\d+\))?\.json$/i.test(fileName) ? 0.1 : 0;
}

async function* read(file: ChatFile, context: ReadContext): AsyncIterable<Found> {
  yield* readDialogues(readJsonValues(file, ["*"]), context);
}
