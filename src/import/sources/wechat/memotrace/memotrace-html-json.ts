import { readJsonValues } from "../../../reading/json.js";
import { PageMessages } from "./memotrace-page.js";
import { tellSides } from "./memotrace-sides.js";
import type { ChatFile, Found, Head, ReadContext, Source } from "../../source.js";

/**
 * What MemoTrace (留痕) version 3 writes beside a web page, `<remark>.html.json`: the page's messages with types and ids.
 *
 * @source zprolab/WeChatMsg, exporter/exporter_html.py and wxManager/model/message.py (2025)
 */
export const memotraceHtmlJson: Source = {
  id: "memotrace-html-json",
  label: "MemoTrace 3's JSON beside its web page",
  platform: "wechat",
  rank: 5,
  sniff,
  read,
};

function sniff({ text }: Head): number {
  if (!/^\s*\[\s*\{/.test(text)) return 0;
  const head = text.slice(0, 4000);
  return ["type", "is_send", "timestamp", "server_id", "display_name"].every((name) =>
    head.includes(`"${name}"`),
  )
    ? 0.95
    : 0;
}

async function* read(file: ChatFile, context: ReadContext): AsyncIterable<Found> {
  const messages = new PageMessages(tellSides(file, context, new Set()).conversation);
  for await (const one of readJsonValues(file, ["*"])) {
    if (one.kind !== "value") yield one;
    else {
      context.run.signal?.throwIfAborted();
      const draft = messages.read(one.value);
      const place = `message ${Number(one.path[0] ?? 0) + 1}`;
      if (typeof draft === "string") yield { kind: "problem", place, what: draft };
      else if (draft) yield { kind: "message", message: draft };
    }
  }
}
