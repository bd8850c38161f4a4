import { embeddedJson } from "../../../reading/embedded-json.js";
import { readJsonValues } from "../../../reading/json.js";
import { readText } from "../../../reading/text.js";
import { type Fields, idOf, isFields, textOf } from "../../fields.js";
import type { ChatFile, Conversation, Draft, Found, Head, ReadContext, Source } from "../../source.js";
import { decodeEntities } from "../wechat-xml.js";
import { readBubble } from "./weflow-bubble.js";
import { weflowChatName } from "./weflow-text.js";

const PAGE = "window.WEFLOW_DATA";
/** Chats of more than 20,000 messages have them in files of their own. */
const CHUNK = "window.__WEFLOW_CHUNK_LOADED__";
/** The head of the page with its styles has some ten thousand. */
const MAX_HEAD_CHARACTERS = 1 << 20;

/**
 * WeFlow's web page of one chat, whose script holds the messages; or one of the scripts in the folder beside it.
 *
 * @source hicccc77/WeFlow, electron/services/export/formatters/HtmlFormatter.ts, htmlChunking.ts (2026)
 */
export const weflowHtml: Source = {
  id: "weflow-html",
  label: "WeFlow's web page",
  platform: "wechat",
  rank: 4,
  sniff: ({ text }: Head) =>
    text.includes(`${PAGE} =`) || text.includes(`${PAGE}=`) || isChunk(text) ? 0.95 : 0,
  read,
};

function isChunk(text: string): boolean {
  return text.trimStart().startsWith(CHUNK);
}

async function* read(file: ChatFile, context: ReadContext): AsyncIterable<Found> {
  const chunkOf = /^(.+)_data$/.exec(file.folders.at(-1) ?? "")?.[1];
  const head = await pageHead(file);
  const chunk = isChunk(head);
  if (!chunk && /WEFLOW_DATA\s*=\s*null/.test(head)) {
    yield { kind: "note", what: "its messages lie in the files of the folder beside it" };
    return;
  }
  const page = chunk ? context.near(`${chunkOf ?? ""}.html`) : undefined;
  const conversation = conversationOf(page ? await pageHead(page) : head, chunkOf, file, context);
  for await (const found of readJsonValues(embeddedJson(file, chunk ? CHUNK : PAGE), ["*"])) {
    context.run.signal?.throwIfAborted();
    if (found.kind !== "value") {
      yield found;
      continue;
    }
    const message = draft(found.value, conversation);
    const place = `message ${Number(found.path[0]) + 1}`;
    if (typeof message === "string") yield { kind: "problem", place, what: message };
    else if (message) yield { kind: "message", message };
  }
}

/** The page up to its messages. */
async function pageHead(file: ChatFile): Promise<string> {
  let text = "";
  for await (const piece of readText(file)) {
    if (piece.kind === "text") text += piece.text;
    if (text.length > MAX_HEAD_CHARACTERS || /WEFLOW_(?:DATA\s*=\s*\S|CHUNK)/.test(text)) break;
  }
  return text.slice(0, MAX_HEAD_CHARACTERS);
}

function conversationOf(
  head: string,
  chunkOf: string | undefined,
  file: ChatFile,
  { named }: ReadContext,
): Conversation {
  const said = weflowChatName(chunkOf ?? named.name, chunkOf ?? file.name);
  const title = /<title>([^<]*) - 聊天记录<\/title>/.exec(head)?.[1];
  const kind = /<span>(群聊|私聊)<\/span>/.exec(head)?.[1];
  const group = kind === undefined ? (said.group ?? false) : kind === "群聊";
  return {
    id: null,
    name: title === undefined ? said.name.replace(/^(?:私聊|群聊|公众号)_/, "") : decodeEntities(title),
    group,
  };
}

/** @returns what is wrong, as a phrase, if it is no message; undefined if it says nothing */
function draft(value: unknown, conversation: Conversation): Draft | string | undefined {
  if (!isFields(value)) return "not an object";
  const { t: time, s: side, b: html } = value;
  if (typeof time !== "number" || !Number.isInteger(time) || time <= 0) return "its t is no time";
  if (typeof html !== "string") return "its b is no text";
  const own = side === 1;
  const { sender, content } = readBubble(html, own);
  if (content.text === "") return undefined;
  const base = { ...content, conversation, session: null, time, ...ids(value), originalType: null };
  if (content.kind === "system") return { ...base, sender: "", owner: false };
  const name = /\balt="([^"]*)"/.exec(textOf(value["a"]))?.[1];
  const known = sender || (name === undefined ? "" : decodeEntities(name));
  return {
    ...base,
    sender: known || (own || conversation.group ? "" : conversation.name),
    owner: side === 0 || own ? own : null,
  };
}

function ids({ p, r }: Fields): Pick<Draft, "platformId" | "replyTo"> {
  const platformId = idOf(p);
  const replyTo = idOf(r);
  return {
    ...(platformId === undefined ? {} : { platformId }),
    ...(replyTo === undefined ? {} : { replyTo }),
  };
}
