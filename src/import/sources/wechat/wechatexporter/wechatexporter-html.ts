import { parseJsLiteral } from "../../../reading/js-literal.js";
import { readText } from "../../../reading/text.js";
import { GrowingChat } from "../../growing-chat.js";
import type { ChatFile, Draft, Found, Head, ReadContext, Source } from "../../source.js";
import { type Content, readContent, readUntyped } from "../wechat-content.js";
import { readNotice } from "../wechat-notices.js";
import { readBracketed } from "../wechat-placeholders.js";
import { withoutName } from "../wechat-quotes.js";
import { readTime } from "../wechat-time.js";
import { kindOfType } from "../wechat-types.js";
import { type PageMessage, PageReader } from "./wechatexporter-page.js";

const SCRIPT = /var\s+msgArray\s*=\s*\[/;
const MESSAGE = /class=\\?"msg (?:chat|media)[\w -]*\\?"\s+msgid=/;

/**
 * WechatExporter's web pages of an iPhone's backup, and the scripts `Data/msg-*.js` that hold the rest of a page which
 * loads later.
 *
 * @source BlueMatthew/WechatExporter, WechatExporter/res/templates and core/Exporter.cpp
 */
export const wechatexporterHtml: Source = {
  id: "wechatexporter-html",
  label: "WechatExporter's web page",
  platform: "wechat",
  rank: 4,
  sniff,
  read,
};

function sniff({ text }: Head): number {
  if (MESSAGE.test(text) || (SCRIPT.test(text) && text.includes("moreWechatMsgs"))) return 0.95;
  return /moreWechatMsgs/.test(text) && /<html/i.test(text) ? 0.9 : 0;
}

async function* read(file: ChatFile, context: ReadContext): AsyncIterable<Found> {
  const reader = new PageReader();
  const drafts = new Drafts(chatName(file, context), context);
  let script: string | undefined;
  for await (const piece of readText(file)) {
    if (piece.kind !== "text") {
      yield piece;
      continue;
    }
    context.run.signal?.throwIfAborted();
    if (script === undefined && !/\.js$/i.test(file.name)) {
      reader.push(piece.text);
      yield* drafts.of(reader);
    } else script = (script ?? "") + piece.text;
  }
  if (script !== undefined) {
    const parts = partsOfScript(script);
    if (!parts) yield { kind: "problem", place: "the file", what: "holds no list msgArray of texts" };
    for (const part of parts ?? []) reader.push(part);
  }
  reader.end();
  yield* drafts.of(reader);
}

/** The texts in `var msgArray = ["<div …", …]`. */
function partsOfScript(script: string): string[] | undefined {
  const found = SCRIPT.exec(script);
  if (!found) return undefined;
  try {
    const list = parseJsLiteral(script.slice(found.index + found[0].length - 1, listEnd(script)));
    return Array.isArray(list) ? list.filter((one) => typeof one === "string") : undefined;
  } catch {
    return undefined;
  }
}

/** Behind the list's bracket: the last one before the loop that follows. */
function listEnd(script: string): number {
  const loop = script.lastIndexOf("for (var idx");
  return script.lastIndexOf("]", loop === -1 ? script.length : loop) + 1;
}

/** The session as its page or folder is named: `<session>.html`, `<session>/index.html`, and what lies below these. */
function chatName(file: ChatFile, { named }: ReadContext): string {
  const [outer = "", inner = "", last = ""] = ["", "", ...file.folders].slice(-3);
  if (last === "Data") return inner === "Files" ? outer : inner.replace(/_files$/i, "");
  const stem = file.name.replace(/\.\w{2,4}$/, "");
  return stem === "index" ? last : named.name || stem;
}

/** Makes drafts of messages; notices have no time of their own, so that they get the one of the message before. */
class Drafts {
  #chat: GrowingChat;
  #context: ReadContext;
  #time: number | null = null;
  #number = 0;

  constructor(name: string, context: ReadContext) {
    this.#chat = new GrowingChat(name);
    this.#context = context;
  }

  /** What has become whole since the last time. */
  *of({ messages }: PageReader): Iterable<Found> {
    for (const message of messages.splice(0)) {
      this.#number += 1;
      const draft = message.notice ? this.#notice(message) : this.#message(message);
      const place = `message ${this.#number}`;
      if (typeof draft === "string") yield { kind: "problem", place, what: draft };
      else if (draft) yield { kind: "message", message: draft };
    }
  }

  #notice({ texts }: PageMessage): Draft | undefined {
    const text = texts
      .join("\n")
      .trim()
      .replace(/^系统消息：/, "");
    if (text === "") return undefined;
    const common = { conversation: this.#chat.with(""), session: null, time: this.#time, originalType: null };
    return { ...common, ...readNotice(text), sender: "", owner: false };
  }

  #message(message: PageMessage): Draft | string | undefined {
    const time = readTime(message.time, this.#context.localTime);
    if (time === null) return "its time is none";
    this.#time = time;
    const said = contentOf(message);
    if (said.kind === "text" && said.text.trim() === "") return undefined;
    const sender = message.name.trim();
    const account = message.account === "" ? {} : { senderId: message.account };
    const conversation = this.#chat.with(message.own ? "right" : `left ${sender}`);
    const originalType = message.type === "" ? null : message.type;
    return {
      conversation,
      session: null,
      sender,
      ...account,
      owner: message.own,
      time,
      ...said,
      originalType,
    };
  }
}

/** Types of elements that stand for media in pages without `msgtype`. */
const MEDIA = { audio: "voice", video: "video", img: "image" } as const;

function contentOf({ type, texts, quoted, title, media }: PageMessage): Content {
  const text = texts.join("\n").trim();
  if (quoted !== "") {
    const words = withoutName(quoted.trim().replace(/^「/, "").replace(/」$/, ""));
    return words === "" ? { kind: "text", text } : { kind: "text", text, quoted: readUntyped(words).text };
  }
  if (type === "49") {
    const bracketed = readBracketed(text);
    return bracketed ? readContent(bracketed.kind, text) : readContent("link", title.trim() || text);
  }
  if (type !== "") return readContent(kindOfType(Number(type)), text);
  return media in MEDIA ? readContent(MEDIA[media as keyof typeof MEDIA], "") : readUntyped(text);
}
