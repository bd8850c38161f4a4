import { type MediaKind, placeholder } from "../../kinds.js";
import { type Fields, fieldsOf, idOf, isFields, textOf } from "../fields.js";
import { type Content, qqContent } from "./qq-placeholders.js";
import type { Draft } from "../source.js";

/** The content of a message, and what it says about others. */
export type ElementContent = Content & Pick<Draft, "replyTo" | "quoted" | "mentions">;

/** Elements that are no text, and the field that tells more about them. */
const MEDIA: Readonly<Record<string, [kind: MediaKind, detail: string]>> = {
  image: ["image", ""],
  audio: ["voice", ""],
  video: ["video", ""],
  file: ["file", "filename"],
  market_face: ["sticker", "name"],
  giphy: ["sticker", ""],
  forward: ["chat-history", ""],
  location: ["location", ""],
  av_record: ["call", ""],
  wallet: ["red-packet", "summary"],
  long_message: ["unknown", ""],
  live_gift: ["unknown", "summary"],
  calendar: ["unknown", "summary"],
  face_bubble: ["sticker", ""],
  tofu_record: ["unknown", "summary"],
  task_top_msg: ["announcement", "msgTitle"],
};

/**
 * A message's content put together from its elements: their order, with a reply's quotation taken out of the words.
 *
 * @param written the exporter's own text; used where the elements have no data, as in version 4
 * @source shuakami/qq-chat-exporter, qq-chat-export-server/src/parser/simple_parser.rs
 */
export function elementContent(elements: readonly Fields[], written: string): ElementContent {
  const known = elements.some(({ data }) => isFields(data) && Object.keys(data).length > 0);
  if (!known) return qqContent(written);
  let words = "";
  let media: { kind: MediaKind; detail: string } | undefined;
  const beside: Pick<Draft, "replyTo" | "quoted" | "mentions"> = {};
  for (const { type, data } of elements) {
    if (!isFields(data)) continue;
    if (type === "text") words += textOf(data["text"]);
    else if (type === "markdown") words += textOf(data["content"]);
    else if (type === "face") words += face(data);
    else if (type === "at") {
      const name = textOf(data["name"]).replace(/^@/, "");
      words += `@${name}`;
      const account = idOf(data["uin"]);
      beside.mentions = [
        ...(beside.mentions ?? []),
        name,
        ...(account === undefined || account === "0" ? [] : [account]),
      ];
    } else if (type === "reply") Object.assign(beside, reply(data));
    else media ??= mediaOf(String(type), data);
  }
  words = words.trim();
  if (!media) return { kind: "text", text: words, ...beside };
  return { kind: media.kind, text: placeholder(media.kind, `${media.detail} ${words}`), ...beside };
}

/** QQ's faces are emoji: they stay text, in brackets. */
function face(data: Fields): string {
  const name = textOf(data["name"]).replace(/^\/|^\[|\]$/g, "");
  return `[${name === "" ? `表情${idOf(data["id"]) ?? ""}` : name}]`;
}

function mediaOf(type: string, data: Fields): { kind: MediaKind; detail: string } | undefined {
  if (type === "json") return card(data);
  if (type === "image" && data["subType"] === "sticker") return { kind: "sticker", detail: "" };
  if (type === "inline_keyboard" || type === "action_bar") return undefined;
  const known = MEDIA[type];
  if (!known) return { kind: "unknown", detail: textOf(data["summary"]) };
  return { kind: known[0], detail: known[1] === "" ? "" : textOf(data[known[1]]).replace(/^\[|\]$/g, "") };
}

/** A card: a link, a mini program, a place or an announcement, by the app that draws it. */
function card(data: Fields): { kind: MediaKind; detail: string } {
  const app = /"app"\s*:\s*"com\.tencent\.(\w+)/.exec(textOf(data["content"]).slice(0, 4096))?.[1] ?? "";
  const title = textOf(data["title"]).replace(/^\[[^\]]*\]\s*/, "");
  const detail = title === "JSON消息" ? "" : title;
  if (app.startsWith("miniapp") || data["appName"] === "小程序") return { kind: "mini-program", detail };
  if (app === "map") return { kind: "location", detail };
  if (app === "mannounce") return { kind: "announcement", detail };
  if (app === "music") return { kind: "music", detail };
  if (app === "multimsg") return { kind: "chat-history", detail: "" };
  if (app === "contact") return { kind: "contact-card", detail: "" };
  return { kind: "link", detail };
}

/** What a message answers; `原消息` is what the exporter writes where it does not know the words. */
export function reply(data: Fields): Pick<Draft, "replyTo" | "quoted"> {
  const id = idOf(data["referencedMessageId"]) ?? idOf(data["messageId"]);
  const quoted = textOf(data["content"]);
  return {
    ...(id === undefined || id === "0" ? {} : { replyTo: id }),
    ...(quoted === "" || quoted === "原消息" ? {} : { quoted }),
  };
}

/** The text of a notice's elements; empty if there are none. */
export function noticeText(elements: unknown): string {
  return fieldsOf(elements)
    .map(({ data }) => (isFields(data) ? textOf(data["text"]) || textOf(data["summary"]) : ""))
    .join("");
}
