import { placeholder } from "../../kinds.js";
import type { LocalTime } from "../../local-time.js";
import { readLines } from "../../reading/lines.js";
import { GrowingChat } from "../growing-chat.js";
import { bodyParts, readBody } from "./imessage-body.js";
import { isGroupName, OWN_NAME, readStamp, type Stamp, UNSENT } from "./imessage-types.js";
import type { ChatFile, Found, Head, ReadContext, Source } from "../source.js";

/**
 * imessage-exporter's text files: a date line, the sender, the words, an empty line. A reply is printed twice, in its
 * place and indented below what it answers; the indented copy tells only what the other one answers.
 *
 * @source ReagentX/imessage-exporter, imessage-exporter/src/exporters/txt.rs
 */
export const imessageTxt: Source = {
  id: "imessage-txt",
  label: "imessage-exporter's text",
  platform: "imessage",
  rank: 3,
  sniff,
  read,
};

const FIRST_HEAD =
  /(?:^|\n\r?\n)[A-Z][a-z]{2} \d\d, \d{4} {1,2}\d{1,2}:\d\d:\d\d [AP]M(?: \(Read by [^\n]*\))?\r?\n[^\s][^\n]*\n/;

function sniff({ text }: Head): number {
  return FIRST_HEAD.test(text) ? 0.9 : 0;
}

/** A message while its lines are read. */
type Block = {
  at: number;
  stamp: Stamp;
  sender: string;
  lines: string[];
  /** Set once a copy of a reply has begun: nothing below it is known to be this message's own. */
  copy?: Stamp;
};

async function* read(file: ChatFile, context: ReadContext): AsyncIterable<Found> {
  const name = context.named.name || file.name.replace(/\.txt$/i, "");
  const reading = new Reading(new GrowingChat(name, isGroupName(name) || undefined), context.localTime);
  let block: Block | undefined;
  let afterBlank = true;
  let stray = false;
  for await (const line of readLines(file)) {
    if (line.kind !== "line") {
      yield line;
      continue;
    }
    context.run.signal?.throwIfAborted();
    const { text, number } = line;
    // A date line is one only at a block's start; within one an earlier wording of the message begins like it.
    const stamp = afterBlank ? readStamp(text) : undefined;
    afterBlank = text.trim() === "";
    if (stamp) {
      if (block) yield* reading.message(block);
      block = stamp.rest === "" ? { at: number, stamp, sender: "", lines: [] } : undefined;
      if (!block) yield reading.announcement(stamp, number);
      stray = false;
    } else if (!block) {
      if (!afterBlank && !stray)
        yield { kind: "problem", place: `line ${number}`, what: "belongs to no date line" };
      stray ||= !afterBlank;
    } else if (block.sender === "") block.sender = text.trim();
    else reading.line(block, text);
  }
  if (block) yield* reading.message(block);
  if (reading.owner !== "") yield { kind: "owner", sender: reading.owner };
}

class Reading {
  /** Who the owner is, as the name or a read receipt tells. */
  owner = "";
  #chat: GrowingChat;
  #localTime: LocalTime;
  /** What each reply answers, until the reply itself comes. */
  #answers = new Map<string, string>();

  constructor(chat: GrowingChat, localTime: LocalTime) {
    this.#chat = chat;
    this.#localTime = localTime;
  }

  /** A line below date and sender. */
  line(block: Block, text: string): void {
    const copied = text.startsWith("    ") ? readStamp(text.trimStart()) : undefined;
    if (copied) block.copy = copied;
    else if (!block.copy) block.lines.push(text);
    else if (text.startsWith("    ") && !this.#answers.has(replyKey(block.copy, text.trim()))) {
      this.#answers.set(replyKey(block.copy, text.trim()), readBody(block.lines).text);
    }
  }

  *message({ at, stamp, sender, lines }: Block): Iterable<Found> {
    const time = this.#localTime(stamp.time);
    if (sender === "" || time === null) {
      const what = sender === "" ? "a date line without a sender" : "no such date";
      yield { kind: "problem", place: `line ${at}`, what };
      return;
    }
    if (sender === OWN_NAME || stamp.readBy === "them") this.owner = sender;
    const body = readBody(lines);
    const conversation = this.#chat.with(sender);
    const owner = sender === OWN_NAME ? true : null;
    const quoted = body.isReply ? this.#answerOf(replyKey(stamp, sender)) : "";
    for (const { kind, text } of bodyParts(body)) {
      const base = { conversation, session: null, sender, owner, time, kind, text, originalType: null };
      yield { kind: "message", message: quoted === "" ? base : { ...base, quoted } };
    }
  }

  /** What a reply answers; asked once, for its copy comes before it and only once. */
  #answerOf(key: string): string {
    const answer = this.#answers.get(key) ?? "";
    this.#answers.delete(key);
    return answer;
  }

  announcement(stamp: Stamp, at: number): Found {
    const time = this.#localTime(stamp.time);
    if (time === null) return { kind: "problem", place: `line ${at}`, what: "no such date" };
    // Taken back as a whole, a message is announced; whose it was is said in words only.
    const kind = UNSENT.test(stamp.rest) ? "recalled" : "system";
    const text = placeholder(kind, kind === "system" ? stamp.rest : "");
    const base = { conversation: this.#chat.with(""), session: null, sender: "", owner: false };
    return { kind: "message", message: { ...base, time, kind, text, originalType: null } };
  }
}

function replyKey({ time }: Stamp, sender: string): string {
  return `${JSON.stringify(time)} ${sender}`;
}
