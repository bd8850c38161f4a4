import { readLines } from "../../../reading/lines.js";
import type { ChatFile, Conversation, Draft, Found, Head, ReadContext, Source } from "../../source.js";
import { readUntyped } from "../wechat-content.js";
import { readNotice } from "../wechat-notices.js";
import { readTime } from "../wechat-time.js";
import { chatOf } from "./wechatmsg-4x-message.js";

const CHAT = /^会话：(.*?)(?: \(([\w@.-]+)\))?\s*$/;
const HEADER = /^\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\] (.*)$/;
const MYSELF = "我";

/** What it adds to a message of which a file was exported. */
const ATTACHED = /^ {2}\[附件\] /;

/**
 * The text of WeChatMsg-4x, a fork of MemoTrace for WeChat 4: `会话：name (account)`, then `[time] 我` and the words.
 *
 * @source chenanhan230-del/WeChatMsg-4x, wx4/export.py
 */
export const wechatmsg4xTxt: Source = {
  id: "wechatmsg-4x-txt",
  label: "WeChatMsg-4x's text",
  platform: "wechat",
  rank: 2,
  sniff: ({ text }: Head) => (/^会话：.*\r?\n导出时间：/.test(text) ? 0.95 : 0),
  read,
};

/** A message's lines, and its header's number. */
type Block = { time: string; name: string; lines: string[]; line: number };

async function* read(file: ChatFile, context: ReadContext): AsyncIterable<Found> {
  let conversation: Conversation = chatOf(context.named.name, null);
  let block: Block | undefined;
  for await (const line of readLines(file)) {
    if (line.kind !== "line") {
      yield line;
      continue;
    }
    context.run.signal?.throwIfAborted();
    const header = HEADER.exec(line.text);
    const chat = block ? null : CHAT.exec(line.text);
    if (header) {
      if (block) yield found(block, conversation, context);
      block = { time: header[1]!, name: header[2]!.trim(), lines: [], line: line.number };
    } else if (block) block.lines.push(line.text);
    else if (chat) conversation = chatOf(chat[1]!, chat[2] ?? null);
  }
  if (block) yield found(block, conversation, context);
}

function found(
  { time, name, lines, line }: Block,
  conversation: Conversation,
  { localTime }: ReadContext,
): Found {
  const seconds = readTime(time, localTime);
  if (seconds === null) return { kind: "problem", place: `line ${line}`, what: "its time does not exist" };
  const text = lines
    .filter((one) => !ATTACHED.test(one))
    .join("\n")
    .trimEnd();
  const own = name === MYSELF;
  // Nobody is named for a notice.
  if (name === "") {
    const common = { conversation, session: null, time: seconds, originalType: null };
    return { kind: "message", message: { ...common, ...readNotice(text), sender: "", owner: false } };
  }
  const common = { conversation, session: null, time: seconds, ...readUntyped(text), originalType: null };
  return { kind: "message", message: { ...common, sender: own ? "" : name, owner: own } satisfies Draft };
}
