import { readListedObjects } from "../../../reading/js-list.js";
import { parseJsLiteral } from "../../../reading/js-literal.js";
import { PageMessages, plainOfPage } from "./memotrace-page.js";
import { tellSides } from "./memotrace-sides.js";
import type { ChatFile, Found, Head, ReadContext, Source } from "../../source.js";

/**
 * MemoTrace (留痕) as a web page, versions 2 and 3: the messages are a list in its script, `const chatMessages = […]`.
 *
 * Version 3 writes the same list as JSON beside it, which is read instead where it is there.
 *
 * @source LC044/WeChatMsg, app/util/exporter/exporter_html.py; zprolab/WeChatMsg, exporter/exporter_html.py
 */
export const memotraceHtml: Source = {
  id: "memotrace-html",
  label: "MemoTrace's web page",
  platform: "wechat",
  rank: 4,
  sniff,
  read,
};

function sniff({ text }: Head): number {
  if (/const\s+chatMessages\s*=\s*\[/.test(text)) return 0.95;
  // Style and script before the list may be longer than what is seen.
  return /<p id="title">/.test(text) && /<html/i.test(text) ? 0.6 : 0;
}

async function* read(file: ChatFile, context: ReadContext): AsyncIterable<Found> {
  const beside = context.near(`${file.name}.json`);
  if (beside?.path === `${file.path}.json`) {
    yield { kind: "note", what: `holds the same messages as ${beside.name}, which is read instead` };
    return;
  }
  const messages = new PageMessages(tellSides(file, context, new Set()).conversation, plainOfPage);
  for await (const one of readListedObjects(file, "chatMessages", MESSAGE_START)) {
    if (one.kind !== "object") yield one;
    else {
      context.run.signal?.throwIfAborted();
      const value = parsed(one.text);
      const draft = value === BROKEN ? "not an object of JavaScript" : messages.read(value);
      if (typeof draft === "string") yield { kind: "problem", place: `message ${one.number}`, what: draft };
      else if (draft) yield { kind: "message", message: draft };
    }
  }
}

const BROKEN = Symbol("broken");

/** How version 2 starts a message; it does not escape the quotation marks in titles. */
const MESSAGE_START = "{ type:";

function parsed(text: string): unknown {
  try {
    return parseJsLiteral(text);
  } catch {
    return BROKEN;
  }
}
