import { Parser } from "htmlparser2";
import { placeholder } from "../../kinds.js";
import type { LocalTime } from "../../local-time.js";
import { readText } from "../../reading/text.js";
import { GrowingChat } from "../growing-chat.js";
import { bodyParts } from "./imessage-body.js";
import { type HtmlMessage, ImessagePage } from "./imessage-page.js";
import { isGroupName, OWN_NAME, readStamp, UNSENT } from "./imessage-types.js";
import type { ChatFile, Draft, Found, Head, ReadContext, Source } from "../source.js";

/**
 * imessage-exporter's web pages. A reply is printed twice, in its place and within what it answers; newer versions
 * give every message's id.
 *
 * @source ReagentX/imessage-exporter, imessage-exporter/src/exporters/html.rs and resources/example.html
 */
export const imessageHtml: Source = {
  id: "imessage-html",
  label: "imessage-exporter's web pages",
  platform: "imessage",
  rank: 4,
  sniff,
  read,
};

function sniff({ text }: Head): number {
  const looksSo =
    /<div class\s*="(?:message|announcement)">/.test(text) && /<span class="timestamp">/.test(text);
  return looksSo && /[A-Z][a-z]{2} \d\d, \d{4} {1,2}\d{1,2}:\d\d:\d\d [AP]M/.test(text) ? 0.95 : 0;
}

async function* read(file: ChatFile, { named, localTime, run }: ReadContext): AsyncIterable<Found> {
  const name = named.name || file.name.replace(/\.html?$/i, "");
  const reading = new Reading(new GrowingChat(name, isGroupName(name) || undefined), localTime);
  const page = new ImessagePage();
  const parser = new Parser(page);
  for await (const piece of readText(file)) {
    run.signal?.throwIfAborted();
    if (piece.kind !== "text") yield piece;
    else parser.write(piece.text);
    if (page.tooDeep) {
      yield {
        kind: "problem",
        place: "the page",
        what: "is nested too deep; nothing from there on was read",
      };
      break;
    }
    for (const message of page.take()) yield* reading.message(message);
  }
  parser.end();
  for (const message of page.take()) yield* reading.message(message);
  if (reading.owner !== "") yield { kind: "owner", sender: reading.owner };
}

class Reading {
  /** The owner's name as their own messages show it. */
  owner = "";
  #chat: GrowingChat;
  #localTime: LocalTime;
  #count = 0;
  /** What each reply answers, by its date line and sender, until it comes. */
  #answers = new Map<string, { id: string; text: string }>();

  constructor(chat: GrowingChat, localTime: LocalTime) {
    this.#chat = chat;
    this.#localTime = localTime;
  }

  *message(found: HtmlMessage): Iterable<Found> {
    this.#count += 1;
    const stamp = readStamp(found.stamp.replace(/[\s\u00a0\u202f]+/g, " ").trim());
    const time = stamp ? this.#localTime(stamp.time) : null;
    if (!stamp || time === null) {
      const what = found.closed ? "without a date" : "cut off";
      yield { kind: "problem", place: `message ${this.#count}`, what };
      return;
    }
    const sender = found.sender.trim();
    if (found.own === null) {
      const kind = UNSENT.test(found.body.text) ? "recalled" : "system";
      const text = placeholder(kind, kind === "system" ? found.body.text : "");
      const base = { conversation: this.#chat.with(""), session: null, sender: "", owner: false };
      yield { kind: "message", message: { ...base, time, kind, text, originalType: null } };
      return;
    }
    if (found.own) this.owner = sender || OWN_NAME;
    for (const reply of found.replies) {
      const key = replyKey(reply.stamp, reply.sender);
      if (!this.#answers.has(key)) this.#answers.set(key, { id: found.id, text: found.body.text });
    }
    const key = replyKey(found.stamp, sender);
    const answered = found.body.isReply ? this.#answers.get(key) : undefined;
    this.#answers.delete(key);
    const conversation = this.#chat.with(sender);
    const originalType = found.service === "" ? null : found.service;
    for (const [at, { kind, text }] of bodyParts(found.body).entries()) {
      const { own: owner } = found;
      const draft: Draft = { conversation, session: null, sender, owner, time, kind, text, originalType };
      // The parts of one message share its id; only the first can bear it.
      if (at === 0 && found.id !== "") draft.platformId = found.id;
      if (answered?.id) draft.replyTo = answered.id;
      if (answered?.text) draft.quoted = answered.text;
      yield { kind: "message", message: draft };
    }
  }
}

function replyKey(stamp: string, sender: string): string {
  return `${stamp.replace(/\s+/g, " ").trim()} ${sender.trim()}`;
}
