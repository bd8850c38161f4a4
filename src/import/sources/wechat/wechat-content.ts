import { type MediaKind, placeholder } from "../../kinds.js";
import type { Draft } from "../source.js";
import { kindOfLabel } from "./wechat-labels.js";
import { readNotice } from "./wechat-notices.js";
import { readBracketed } from "./wechat-placeholders.js";
import { cutQuote } from "./wechat-quotes.js";
import type { WechatKind } from "./wechat-types.js";
import { attribute, elementText, isXml } from "./wechat-xml.js";

/** The part of a draft that the content decides. */
export type Content = Pick<Draft, "kind" | "text" | "quoted">;

/**
 * What a message says whose type is known, from the content as any exporter writes it: words, XML of the database,
 * words with a placeholder before them, a path or an address.
 */
export function readContent(kind: WechatKind, content: string): Content {
  if (kind === "text" || kind === "system-prompt") return { kind, text: content };
  if (kind === "quote") return readQuote(content);
  if (kind === "system") return readNotice(content);
  if (kind === "recalled") return { kind, text: placeholder(kind) };
  return { kind, text: placeholder(kind, mediaDetail(kind, content)) };
}

/** What a message says of which the export gives words only: placeholders are told from texts. */
export function readUntyped(content: string): Content {
  const bracketed = readBracketed(content);
  return bracketed ? readContent(bracketed.kind, content) : { kind: "text", text: content };
}

/** A reply and what it answers; the reply may be no text. */
function readQuote(content: string): Content {
  if (isXml(content)) {
    const quoted = elementText(content.slice(Math.max(0, content.indexOf("<refermsg>"))), "content");
    const text = elementText(content, "title");
    return isXml(quoted) || quoted === "" ? { kind: "text", text } : { kind: "text", text, quoted };
  }
  const cut = cutQuote(content);
  if (!cut) return { kind: "text", text: content };
  const text = { kind: "text", text: cut.text } as const;
  return cut.quoted === "" ? text : { ...text, quoted: readUntyped(cut.quoted).text };
}

/** What stands behind the placeholder: a title, name, caption or transcript; empty if nothing but the media is there. */
export function mediaDetail(kind: MediaKind, content: string): string {
  // Somebody else's words, and a number of a call's state, are no detail.
  if (kind === "chat-history") return "";
  if (isXml(content)) return xmlDetail(kind, content);
  const bracketed = readBracketed(content);
  const words = (bracketed ? bracketed.detail : content).trim();
  if (kind === "voice") return transcript(words);
  if (kind === "location") return place(words);
  if (kind === "call")
    return words
      .replace(/^语音\/视频通话\s*\[(.*)\]$/, "$1")
      .split("\n")[0]!
      .replace(/^\d+$/, "");
  if (kind === "file") return fileName(words);
  const nickname = kind === "contact-card" ? /^昵称[：:](.*)$/m.exec(words)?.[1] : undefined;
  if (nickname !== undefined) return nickname.trim();
  const [line = ""] = words.split("\n").filter((one) => !isAddress(labelled(one)));
  const detail = labelled(line);
  return isAddress(detail) || kindOfLabel(detail) !== undefined || /^-?\d*$/.test(detail) ? "" : detail;
}

function xmlDetail(kind: MediaKind, xml: string): string {
  if (kind === "contact-card") return attribute(xml, "nickname");
  if (kind === "location") return attribute(xml, "poiname") || attribute(xml, "label");
  if (kind === "voice") return attribute(xml, "transtext") || elementText(xml, "voicetrans");
  if (kind === "call") return elementText(xml, "msg");
  return elementText(xml, "title");
}

/** `语音时长：3.20秒\n翻译结果：words` → `words`; an exporter's word that there are none is left out. */
function transcript(words: string): string {
  const translated = /翻译结果[：:]/.exec(words);
  const said = translated ? words.slice(translated.index + translated[0].length) : words;
  const spoken = said.replace(/^语音时长[：:][^\n]*/, "").trim();
  return /^(?:\d+(?:\.\d+)?\s*(?:秒|s|"|″|'')|未知|转文字失败|None|null)?$/i.test(spoken) || isAddress(spoken)
    ? ""
    : spoken;
}

/** The name of a place in `纬度:【…】 经度:【…】 位置:【…】`, or in lines of which one is labelled. */
function place(words: string): string {
  const named = /(?:位置|地址|名称|标签)[：:][ \t]*【?([^】\s][^】\n]*)/.exec(words)?.[1];
  return (named ?? (/[纬经]度|坐标/.test(words) ? "" : (words.split("\n")[0] ?? ""))).trim();
}

/** The name in `name 1.20 MB path type md5`, or the words as they are. */
function fileName(words: string): string {
  const name = words
    .split("\n")[0]!
    .replace(/ \d+(?:\.\d+)? [KMG]?B .*$/, "")
    .trim();
  return isAddress(name) || kindOfLabel(name) === "file" ? "" : labelled(name);
}

/** A line of a card without what it is called there: `标题：words`. */
function labelled(line: string): string {
  return line
    .replace(/^\s*(?:标题|名称|文件名|昵称|描述|链接|地址|大小|应用|转账|红包)\s*[：:]\s*/, "")
    .trim();
}

/** No path has more characters; to find out takes the square of them. */
const LONGEST_PATH = 2000;

/** A path of a file that was exported, an address, or a dictionary: nothing that anybody said. */
function isAddress(words: string): boolean {
  if (/^(?:[a-z][a-z\d+.-]*:\/\/|\.{0,2}[\\/]|[A-Za-z]:\\|data:|\{)/i.test(words)) return true;
  return words.length <= LONGEST_PATH && /^[^\s]*[\\/][^\s]*\.\w{2,5}$/.test(words);
}
