import { readJsonLineValues } from "../../reading/json.js";
import { type Fields, isFields, textOf } from "../fields.js";
import { signalContent } from "./signal-content.js";
import { SignalPeople } from "./signal-people.js";
import type { ChatFile, Draft, Found, Head, ReadContext, Source } from "../source.js";

/**
 * Signal's own plaintext export, `main.jsonl`: one frame of its backup format a line, first the people, then the chats,
 * then their messages. A message is known by when its sender's device sent it, to the millisecond.
 *
 * @source signalapp/Signal-Android, Backup.proto; as JSON by protobuf's mapping, 64-bit numbers as texts
 */
export const signalJsonl: Source = {
  id: "signal-jsonl",
  label: "Signal's plaintext export",
  platform: "signal",
  rank: 5,
  sniff,
  isCompanion: ({ text, fileName }) =>
    fileName === "metadata.json" && /^\s*\{\s*"version"\s*:\s*"?\d+"?\s*\}\s*$/.test(text),
  read,
};

function sniff({ text }: Head): number {
  const frame = /^\{\s*"(?:recipient|chat|chatItem)"\s*:\s*\{[^\n]*"(?:id|chatId|recipientId)"\s*:/m;
  return /^\s*\{/.test(text) && frame.test(text) ? 0.95 : 0;
}

async function* read(file: ChatFile, { run }: ReadContext): AsyncIterable<Found> {
  const people = new SignalPeople();
  for await (const found of readJsonLineValues(file)) {
    if (found.kind !== "value") {
      yield found;
      continue;
    }
    run.signal?.throwIfAborted();
    const frame = found.value;
    const place = `line ${found.path[0]}`;
    if (!isFields(frame)) yield { kind: "problem", place, what: "not an object" };
    else if (isFields(frame["account"])) people.account(frame["account"]);
    else if (isFields(frame["recipient"])) people.recipient(frame["recipient"]);
    else if (isFields(frame["chat"])) people.chat(frame["chat"]);
    else if (isFields(frame["chatItem"])) {
      for (const message of messages(frame["chatItem"], people)) {
        if (typeof message === "string") yield { kind: "problem", place, what: message };
        else yield { kind: "message", message };
      }
    }
  }
}

/** The messages of a chat item; what is wrong with it if it is none. */
function* messages(item: Fields, people: SignalPeople): Iterable<Draft | string> {
  const sent = textOf(item["dateSent"]) || String(item["dateSent"]);
  const time = /^\d{1,15}$/.test(sent) ? Math.floor(Number(sent) / 1000) : null;
  if (time === null) {
    yield "has no time";
    return;
  }
  const type = contentType(item);
  const content = type === undefined ? undefined : item[type];
  if (type === undefined || !isFields(content)) {
    yield "has no content of a known type";
    return;
  }
  const author = people.person(textOf(item["authorId"]));
  const outgoing = item["outgoing"] !== undefined;
  const conversation = people.conversation(textOf(item["chatId"]));
  const { parts, quote, mentions, change } = signalContent(type, content, people);
  const system = parts.length === 1 && parts[0]!.kind === "system";
  const sender = system ? "" : author.name;
  const owner = !system && (outgoing || (item["incoming"] === undefined && author.self));
  const originalType = change === "" ? type : `${type}.${change}`;
  for (const [at, { kind, text }] of parts.entries()) {
    const draft: Draft = { conversation, session: null, sender, owner, time, kind, text, originalType };
    if (!system && author.accountId !== "") draft.senderId = author.accountId;
    // The parts of one message share its time; only the first can bear it as an id.
    if (!system && at === 0) draft.platformId = sent;
    if (quote.id !== "") draft.replyTo = quote.id;
    if (quote.text !== "") draft.quoted = quote.text;
    if (mentions.length > 0) draft.mentions = mentions;
    if (author.bot) draft.bot = true;
    yield draft;
  }
}

const TYPES = [
  "standardMessage",
  "contactMessage",
  "stickerMessage",
  "remoteDeletedMessage",
  "adminDeletedMessage",
  "updateMessage",
  "paymentNotification",
  "giftBadge",
  "viewOnceMessage",
  "directStoryReplyMessage",
  "poll",
];

/** Which content an item has: one of those known, or whatever looks like one by its name. */
function contentType(item: Fields): string | undefined {
  const known = TYPES.find((type) => item[type] !== undefined);
  return known ?? Object.keys(item).find((key) => /(?:Message|Notification)$/.test(key));
}
