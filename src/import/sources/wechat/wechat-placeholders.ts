import type { MediaKind } from "../../kinds.js";
import { kindOfLabel } from "./wechat-labels.js";

/** What a bracketed word stands for, and what is written within or behind the brackets. */
export type Bracketed = { kind: MediaKind; detail: string };

const CLOSING: Readonly<Record<string, string>> = { "[": "]", "【": "】" };

/** The longest word that stands for something (合并转发的聊天记录), with room for what `[语音 3"]` adds. */
const LONGEST_WORD = 24;

/** `]` behind the title of a link: `[链接|title [2]](url)`. */
const TARGET = /\]\((?:https?:|weixin:|file:)[^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)\s*$/;

/**
 * What a text is that stands for something else, in the manner of any of WeChat's exporters: `[图片]`, `【图片】`,
 * `[语音] words`, `[语音消息 - 转文字失败]`, `[表情包：desc]`, `[链接|title](url)`, `![图片](url)`.
 *
 * Only for exports that mark a type in no other way: somebody may have typed `[图片]`.
 *
 * @returns undefined for texts, also those that start with an emoji of WeChat such as `[捂脸]`
 */
export function readBracketed(text: string): Bracketed | undefined {
  const start = text.startsWith("![") ? 1 : 0;
  const closing = CLOSING[text.charAt(start)];
  if (closing === undefined) return undefined;
  const separator = separatorAt(text, start + 1, closing);
  if (separator === -1) return undefined;
  const word = text.slice(start + 1, separator);
  const kind = kindOfLabel(word);
  if (kind === undefined || kind === "text" || kind === "quote" || kind === "system-prompt") return undefined;
  const inside = text[separator] !== closing;
  const rest = text.slice(separator + 1);
  // 红包 is an emoji, too, which people write in rows or amid a text.
  if (kind === "red-packet" && closing === "]" && !inside && rest.includes("[")) return undefined;
  return { kind, detail: inside ? insideDetail(rest, closing) : restDetail(rest) };
}

/** Where the word ends: at the closing bracket, or at what parts it from a detail within; -1 if it does not. */
function separatorAt(text: string, from: number, closing: string): number {
  const end = Math.min(text.length, from + LONGEST_WORD);
  for (let at = from; at < end; at += 1) {
    const character = text[at]!;
    if (character === "\n" || character === "[" || character === "【") return -1;
    if (character === closing || character === "|" || character === "：" || character === ":") return at;
    // A space parts words only where the first is one of ours: "[Red Packet]" is not.
    if (character === " " && kindOfLabel(text.slice(from, at)) !== undefined) return at;
  }
  return -1;
}

function insideDetail(rest: string, closing: string): string {
  const target = closing === "]" ? TARGET.exec(rest) : null;
  if (target) return rest.slice(0, target.index).trim();
  const end = rest.lastIndexOf(closing);
  if (end === -1) return rest.trim();
  const detail = `${rest.slice(0, end)} ${rest.slice(end + 1)}`.trim();
  // What the exporter says of itself: [语音消息 - 转文字失败].
  return detail.startsWith("- ") || detail.startsWith("-\u00A0") ? "" : detail;
}

/** What follows the brackets, without the colon between; the target of a link and of a picture is no detail. */
function restDetail(rest: string): string {
  return rest
    .replace(/^\((?:[^()\s]*)\)/, "")
    .replace(/^\s*[：:]\s*/, "")
    .trim();
}
