import { placeholder } from "../../../kinds.js";
import { readLines } from "../../../reading/lines.js";
import { type Sides, tellSides } from "../memotrace/memotrace-sides.js";
import { peek } from "../../peek.js";
import type { ChatFile, Draft, Found, Head, ReadContext, Source } from "../../source.js";
import { readUntyped } from "../wechat-content.js";
import { readNotice } from "../wechat-notices.js";
import { cutBefore } from "../wechat-quotes.js";
import { readTime } from "../wechat-time.js";

const HEADER = /^(.{1,64}) \((\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\):(.*)$/;
const TITLE = / - 微信聊天记录$/;
const NOTICE = "系统消息：";

/** What ends a quote, on a line of its own. */
const RULE = /^- - -[- ]*$/;

/**
 * WechatExporter's text: `name (2024-05-01 16:00:00):words`, further lines of a message as they are.
 *
 * A reply to a quoted message has neither author nor time there, so that its words cannot be used.
 *
 * @source BlueMatthew/WechatExporter, WechatExporter/res/templates_txt
 */
export const wechatexporterTxt: Source = {
  id: "wechatexporter-txt",
  label: "WechatExporter's text",
  platform: "wechat",
  rank: 2,
  sniff,
  read,
};

function sniff({ text }: Head): number {
  const lines = text.slice(0, 8000).trimStart().split(/\r?\n/);
  const headers = lines.filter((line) => HEADER.test(line)).length;
  if (TITLE.test(lines[0]!)) return headers > 0 || lines.length < 8 ? 0.95 : 0.6;
  return headers > 0 && HEADER.test(lines[0]!) ? 0.8 : 0;
}

/** A message with the lines behind it, or a notice, whose name is empty. */
type Block = { name: string; time: string; lines: string[]; line: number };

async function* read(file: ChatFile, context: ReadContext): AsyncIterable<Found> {
  const { first, all } = await peek(blocks(file));
  const writers = new Set(
    first.flatMap((one) => (one.kind === "block" && one.block.name !== "" ? [one.block.name] : [])),
  );
  const sides = tellSides(file, context, writers);
  let time: number | null = null;
  let lost = 0;
  for await (const one of all) {
    if (one.kind !== "block") {
      yield one;
      continue;
    }
    context.run.signal?.throwIfAborted();
    const { block } = one;
    if (block.name !== "") {
      const read = readTime(block.time, context.localTime);
      if (read === null) {
        yield { kind: "problem", place: `line ${block.line}`, what: "its time does not exist" };
        continue;
      }
      time = read;
    }
    const { own, replies } = partReplies(block.lines);
    const draft = draftOf(block.name, own.join("\n").trim(), sides, time);
    if (draft) yield { kind: "message", message: draft };
    lost += replies;
    for (let reply = 0; reply < replies; reply += 1)
      yield { kind: "message", message: lostReply(sides, time) };
  }
  if (lost > 0) {
    const what = `${lost} replies to quoted messages name neither their author nor their time; their words are left out`;
    yield { kind: "note", what };
  }
}

async function* blocks(file: ChatFile): AsyncIterable<{ kind: "block"; block: Block } | Found> {
  let block: Block | undefined;
  for await (const line of readLines(file)) {
    if (line.kind !== "line") {
      yield line;
      continue;
    }
    const header = HEADER.exec(line.text);
    const notice = line.text.startsWith(NOTICE);
    if (header || notice) {
      if (block) yield { kind: "block", block };
      const lines = [header ? header[3]! : line.text.slice(NOTICE.length)];
      block = { name: header?.[1] ?? "", time: header?.[2] ?? "", lines, line: line.number };
    } else if (block) block.lines.push(line.text);
    else if (line.text.trim() !== "" && !TITLE.test(line.text)) {
      yield { kind: "problem", place: `line ${line.number}`, what: "stands before the first message" };
    }
  }
  if (block) yield { kind: "block", block };
}

/** A message's own lines, and how many replies without a header follow it: 「name：words」, a rule, the reply. */
function partReplies(lines: readonly string[]): { own: string[]; replies: number } {
  let start = -1;
  let firstReply = lines.length;
  let replies = 0;
  for (const [at, line] of lines.entries()) {
    if (line.startsWith("「")) start = at;
    else if (start > 0 && RULE.test(line) && lines[at - 1]!.trimEnd().endsWith("」")) {
      firstReply = Math.min(firstReply, start);
      replies += 1;
      start = -1;
    }
  }
  return { own: lines.slice(0, firstReply), replies };
}

function draftOf(sender: string, text: string, sides: Sides, time: number | null): Draft | undefined {
  if (text === "") return undefined;
  const common = { conversation: sides.conversation, session: null, time, originalType: null };
  if (sender === "") return { ...common, ...readNotice(text), sender: "", owner: false };
  const cut = cutBefore(text);
  const said =
    cut && cut.quoted !== "" ? { ...readUntyped(cut.text), quoted: cut.quoted } : readUntyped(text);
  return { ...common, sender, owner: sides.ownerOf(sender), ...said };
}

/** Something was said here, so that nothing may be joined across it. */
function lostReply(sides: Sides, time: number | null): Draft {
  const common = { conversation: sides.conversation, session: null, time, originalType: null };
  return { ...common, sender: "", owner: false, kind: "unknown", text: placeholder("unknown") };
}
