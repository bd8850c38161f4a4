import type { ChatFile, Found, Head, ReadContext, Source } from "../../source.js";

const DAY_BAR = /^\*{20}\d{4}-\d\d-\d\d\*{20}\r?$/m;

/**
 * MemoTrace (留痕) as text for language models: days under bars of stars, a name only where the speaker changes, no
 * times. It is told apart so that its lines are not taken for something else, and not imported: a message of several
 * lines, and one that ends in a colon, cannot be told from several and from a name.
 *
 * @source zprolab/WeChatMsg, exporter/exporter_ai_txt.py (2025)
 */
export const memotraceAiTxt: Source = {
  id: "memotrace-ai-txt",
  label: "MemoTrace's text for AI",
  platform: "wechat",
  rank: 1,
  sniff: ({ text }: Head) => (DAY_BAR.test(text) ? 0.95 : 0),
  read,
};

// oxlint-disable-next-line require-await -- the border gives what is found as a stream
async function* read(_file: ChatFile, _context: ReadContext): AsyncIterable<Found> {
  const what =
    "text for AI has neither times nor the limits of messages. Export this chat as JSON, CSV or plain text";
  yield { kind: "problem", place: "the file", what };
}
