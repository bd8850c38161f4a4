import { readLines } from "../../reading/lines.js";
import { isoTime } from "../iso-time.js";
import { qqContent, qqNotice } from "./qq-placeholders.js";
import type { ChatFile, Conversation, Draft, Found, Head, ReadContext, Source } from "../source.js";

/** What the exporter writes behind the last message. */
const FOOTER = /\n={20,}\n\s*导出完成\n={20,}\n[\s\S]*$/;
/** Lines of a message behind its words. */
const BESIDE = /^(资源|提及|回复): ?(.*)$/;

/**
 * QQChatExporter's text file: blocks of the sender's name, `时间:`, `内容:`, and what belongs to it.
 *
 * @source shuakami/qq-chat-exporter, qq-chat-export-core/src/text_exporter.rs
 */
export const qqchatexporterTxt: Source = {
  id: "qqchatexporter-txt",
  label: "QQChatExporter's text",
  platform: "qq",
  rank: 3,
  sniff: ({ text }: Head) =>
    /^\s*\[QQChatExporter V\d/.test(text)
      ? 0.95
      : /^聊天名称: /m.test(text) && /^时间: \d/m.test(text)
        ? 0.7
        : 0,
  read,
};

/** A message whose lines are being collected. */
type Block = { sender: string; written: string; line: number; lines: string[]; beside: Map<string, string> };

async function* read(file: ChatFile, { named, localTime, run }: ReadContext): AsyncIterable<Found> {
  let conversation: Conversation = { id: null, name: named.name, group: false };
  let block: Block | undefined;
  // A line is a name only if the next one is a time.
  let held: string | undefined;
  function* finish(one: Block, last = false): Iterable<Found> {
    const time = isoTime(one.written, localTime);
    const message = time === null ? undefined : draft(one, conversation, time, last);
    if (message) yield { kind: "message", message };
    if (time === null)
      yield { kind: "problem", place: `line ${one.line}`, what: "its time is not a date with a time of day" };
  }
  for await (const line of readLines(file)) {
    run.signal?.throwIfAborted();
    if (line.kind !== "line") {
      yield line;
      continue;
    }
    const { text, number } = line;
    if (held?.endsWith(":") && text.startsWith("时间: ")) {
      if (block) yield* finish(block);
      const written = text.slice(4).trim();
      block = { sender: held.slice(0, -1), written, line: number, lines: [], beside: new Map() };
      held = undefined;
      continue;
    }
    if (held !== undefined) {
      if (block) add(block, held);
      else conversation = described(conversation, held);
    }
    held = text;
  }
  if (block) {
    if (held !== undefined) add(block, held);
    yield* finish(block, true);
  }
}

/** What the head of the file says about the chat. */
function described(conversation: Conversation, line: string): Conversation {
  const [, key, value] = /^(聊天名称|聊天类型): (.*)$/.exec(line) ?? [];
  if (key === "聊天名称") return { ...conversation, name: value!.trim() };
  return key === "聊天类型" ? { ...conversation, group: value!.trim() === "群聊" } : conversation;
}

function add(block: Block, line: string): void {
  const [, key, value] = BESIDE.exec(line) ?? [];
  if (key !== undefined && block.lines.length > 0) block.beside.set(key, value!);
  else if (block.beside.has("回复")) block.beside.set("回复", `${block.beside.get("回复")}\n${line}`);
  else if (block.beside.size === 0) block.lines.push(line.replace(/^内容: /, ""));
}

/** Names that stand where nobody wrote. */
const NOBODY = new Set(["系统消息", "未知用户", "0"]);

/** @returns undefined if it says nothing */
function draft(block: Block, conversation: Conversation, time: number, last: boolean): Draft | undefined {
  const { beside } = block;
  const end = (text: string) => (last ? text.replace(FOOTER, "") : text).trim();
  const written = end(block.lines.join("\n"));
  // A member's title stands before the name, and changes.
  const sender = conversation.group ? block.sender.replace(/^\[[^\]]*\] (?=\S)/, "") : block.sender;
  const base = { conversation, session: null, time, originalType: null };
  if (NOBODY.has(sender)) return { ...base, sender: "", owner: false, ...qqNotice(written) };
  const quoted = end(beside.get("回复")?.replace(/^(?:\d\d-\d\d \d\d:\d\d )?.*? - /, "") ?? "");
  const mentions = (beside.get("提及") ?? "").split(", ").filter((name) => name !== "");
  const said = qqContent(written);
  if (said.text === "") return undefined;
  return {
    ...base,
    ...said,
    sender,
    owner: !conversation.group && sender === conversation.name ? false : null,
    ...(quoted === "" ? {} : { quoted }),
    ...(mentions.length === 0 ? {} : { mentions }),
  };
}
