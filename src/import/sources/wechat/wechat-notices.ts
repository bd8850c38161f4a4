import { type MediaKind, placeholder } from "../../kinds.js";
import { elementText, withoutCdata } from "./wechat-xml.js";

/** What a notice of WeChat says, and whether it tells of a message that was taken back or of a pat. */
export type Notice = { kind: Extract<MediaKind, "system" | "recalled" | "pat">; text: string };

const RECALL = /撤回了?一条消息|撤回了成员.{0,40}的一条消息|recalled a message|unsent a message|<revokemsg>/i;
const PAT = /拍了拍|<pat>| tickled /;

/** Elements of a `sysmsg` that hold the words which WeChat shows. */
const SHOWN = ["replacemsg", "template", "content", "plain"] as const;

/**
 * A notice as its kind and placeholder, its words without CDATA, links and other tags.
 *
 * @param content as the database holds it: words, words with `<a href="weixin://…">`, or a `sysmsg` document
 */
export function readNotice(content: string): Notice {
  const kind = RECALL.test(content) ? "recalled" : PAT.test(content) ? "pat" : "system";
  if (kind === "recalled") return { kind, text: placeholder(kind) };
  const shown = content.includes("<sysmsg")
    ? (SHOWN.map((name) => elementText(content, name)).find(Boolean) ?? "")
    : content;
  return { kind, text: placeholder(kind, withoutTags(withoutCdata(shown))) };
}

/** A text without anything that looks like a tag; `a < b` stays. */
function withoutTags(text: string): string {
  return text
    .replace(/<\/?[a-z_][^<>]{0,2000}>/gi, "")
    .replace(/[ \t]{2,}/g, " ")
    .trim();
}
