import { placeholder } from "../../../kinds.js";
import { type Fields, isFields, textOf } from "../../fields.js";
import { type Content, readContent, readUntyped } from "../wechat-content.js";
import { isNoticePhrase } from "../wechat-notice-phrases.js";
import { readNotice } from "../wechat-notices.js";
import { kindOfType, type WechatKind } from "../wechat-types.js";

/** The sender of WeChat's own notices. */
export const SYSTEM = "系统消息";

const QUOTE = /^> (?:\[引用\]\n|[^\n]* \d\d:\d\d:\d\d\n> )/;
const UNTOLD = /^Type: (\d+) Content: /;

/** What a message of chatlog's table or text says: the exporter has put all of it into words. */
export function chatlogText(text: string): Content {
  if (QUOTE.test(text)) return readContent("quote", text);
  const untold = UNTOLD.exec(text);
  if (untold) return readContent(media(kindOfType(Number(untold[1]))), "");
  if (text === "[引用]") return { kind: "unknown", text: placeholder("unknown") };
  // A description follows the title.
  const said = readUntyped(
    text.startsWith("[分享|") ? text.replace(/^(\[分享\|[^|\n]*)\|[^\n]*\]\(/, "$1](") : text,
  );
  if (said.kind === "text" && text.includes("拍了拍") && isNoticePhrase(text)) return readNotice(text);
  return said;
}

/**
 * What a message of chatlog's JSON says, by its two numbers and its `contents`.
 *
 * @source sjzar/chatlog, internal/model/message.go
 */
export function chatlogContent({ type, subType, content, contents }: Fields): Content {
  const kind = kindOfType(Number(type), Number(subType ?? 0));
  const words = textOf(content);
  const more = isFields(contents) ? contents : {};
  if (kind === "quote") {
    const refer = more["refer"];
    const quoted = isFields(refer) ? chatlogContent(refer).text : "";
    return quoted === "" ? { kind: "text", text: words } : { kind: "text", text: words, quoted };
  }
  if (kind === "pat") return { kind, text: placeholder(kind, words) };
  return readContent(kind, words || textOf(more["title"]));
}

function media(kind: WechatKind): WechatKind {
  return kind === "text" || kind === "quote" ? "unknown" : kind;
}
