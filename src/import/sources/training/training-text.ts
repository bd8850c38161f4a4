import type { ChatFile, Found, Head, ReadContext, Source } from "../source.js";

/**
 * Training data of bare texts, `{"text": …}` in a list or one a line. It says nowhere who wrote what, so that it cannot
 * be imported; it is known in order to say so.
 *
 * @source LLaMA-Factory, data/README.md (pre-training dataset)
 */
export const trainingText: Source = {
  id: "training-text",
  label: "training data of bare texts",
  platform: "any",
  rank: 1,
  sniff: ({ text }: Head) =>
    /^\s*(?:\[\s*)?\{\s*"text"\s*:\s*"(?:[^"\\]|\\.){0,1000}"\s*\}/.test(text) ? 0.9 : 0,
  read,
};

async function* read(_: ChatFile, { run }: ReadContext): AsyncIterable<Found> {
  run.signal?.throwIfAborted();
  const what = "bare texts do not say who wrote what; import the chats that they were made of";
  yield { kind: "problem", place: "the file", what };
}
