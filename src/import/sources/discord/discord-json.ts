import { type Kind, placeholder } from "../../kinds.js";
import type { LocalTime } from "../../local-time.js";
import { readJsonValues } from "../../reading/json.js";
import { attachmentContent, otherOfTwo } from "./discord-media.js";
import { type Fields, fieldsOf, idOf, isFields, textOf } from "../fields.js";
import { isoTime } from "../iso-time.js";
import { readListedMessages } from "../listed-messages.js";
import type { ChatFile, Conversation, Draft, Found, Head, ReadContext, Source } from "../source.js";

/** Types in which somebody speaks; 20 and 23 are answers of programs to a command. */
const SPOKEN = new Set(["Default", "Reply", "20", "23"]);

/**
 * DiscordChatExporter's JSON, a channel or a part of one in each file.
 *
 * @source Tyrrrz/DiscordChatExporter, Exporting/JsonMessageWriter.cs
 */
export const discordJson: Source = {
  id: "discord-json",
  label: "DiscordChatExporter's JSON",
  platform: "discord",
  rank: 5,
  sniff,
  read,
};

function sniff({ text }: Head): number {
  const start = text.slice(0, 4096);
  return /^\s*\{\s*"guild"\s*:\s*\{/.test(start) && /"channel"\s*:\s*\{/.test(start) ? 0.95 : 0;
}

async function* read(file: ChatFile, { localTime, run }: ReadContext): AsyncIterable<Found> {
  const { conversation, owner } = await openingOf(file);
  yield* readListedMessages(
    file,
    "messages",
    (message) => draft(message, conversation, owner, localTime),
    run,
  );
}

/** What stands before the messages; and of a chat of two the owner, for which both must have written. */
type Opening = { conversation: Conversation; owner: string | undefined };

/** Reads as far as needed: the head of a channel, or a chat of two until both have written. */
async function openingOf(file: ChatFile): Promise<Opening> {
  let [guild, channel]: Fields[] = [{}, {}];
  const authors = new Map<string, string[]>();
  for await (const found of readJsonValues(file, ["messages.*"])) {
    if (found.kind !== "value") continue;
    const { path, value } = found;
    if (path[0] === "guild" && isFields(value)) guild = value;
    else if (path[0] === "channel" && isFields(value)) channel = value;
    else if (path[0] === "messages") {
      if (!isDirect(channel!) || authors.size === 2) break;
      const author = isFields(value) && isFields(value["author"]) ? value["author"] : {};
      const id = idOf(author["id"]);
      if (id !== undefined) authors.set(id, [textOf(author["nickname"]), textOf(author["name"])]);
    }
  }
  const name = textOf(channel!["name"]);
  const direct = isDirect(channel!);
  const isPrivate = direct || textOf(channel!["type"]).startsWith("Direct");
  const conversation = {
    id: idOf(channel!["id"]) ?? null,
    name: isPrivate ? name : `${textOf(guild!["name"])} #${name}`,
    group: !direct,
  };
  return { conversation, owner: direct ? otherOfTwo(authors, name) : undefined };
}

function isDirect(channel: Fields): boolean {
  return channel["type"] === "DirectTextChat";
}

/** @returns what is wrong, as a phrase, if it is no message */
function draft(
  message: Fields,
  conversation: Conversation,
  owner: string | undefined,
  localTime: LocalTime,
): Draft | string {
  const { author } = message;
  if (!isFields(author)) return "has no author";
  const time = isoTime(textOf(message["timestamp"]), localTime);
  if (time === null) return "has no time";
  const type = String(message["type"] ?? "Default");
  const isCall = type === "Call";
  const isNotice = !isCall && !SPOKEN.has(type);
  const { kind, text } = isCall
    ? ({ kind: "call", text: placeholder("call") } as const)
    : isNotice
      ? ({ kind: "system", text: placeholder("system", textOf(message["content"])) } as const)
      : content(message);
  const read: Draft = {
    conversation,
    session: null,
    sender: "",
    owner: false,
    time,
    kind,
    text,
    originalType: type,
  };
  const platformId = idOf(message["id"]);
  if (platformId !== undefined) read.platformId = platformId;
  if (!isNotice) addSender(read, message, author, owner);
  return read;
}

function addSender(read: Draft, message: Fields, author: Fields, owner: string | undefined): void {
  const senderId = idOf(author["id"]);
  read.sender = textOf(author["nickname"]) || textOf(author["name"]);
  read.owner = owner === undefined ? null : senderId === owner;
  if (senderId !== undefined) read.senderId = senderId;
  const { reference } = message;
  const replyTo =
    read.originalType === "Reply" && isFields(reference) ? idOf(reference["messageId"]) : undefined;
  if (replyTo !== undefined) read.replyTo = replyTo;
  const mentions = mentionsOf(message);
  if (mentions.length > 0) read.mentions = mentions;
  if (isForwarded(message)) read.forwarded = true;
  if (author["isBot"] === true) read.bot = true;
}

function isForwarded(message: Fields): boolean {
  if (isFields(message["forwardedMessage"])) return true;
  return isFields(message["reference"]) && message["reference"]["type"] === "Forward";
}

function content(message: Fields): { kind: Kind; text: string } {
  // The words that were passed on stand apart; a message that passes on has none of its own.
  const said = isFields(message["forwardedMessage"]) ? message["forwardedMessage"] : message;
  const words = textOf(said["content"]);
  const files = fieldsOf(said["attachments"]).map(({ fileName }) => textOf(fileName));
  if (files.length > 0) return attachmentContent(files, words);
  const [sticker] = fieldsOf(said["stickers"]);
  if (sticker) return { kind: "sticker", text: placeholder("sticker", words || textOf(sticker["name"])) };
  if (words !== "") return { kind: "text", text: words };
  const [embed] = fieldsOf(said["embeds"]);
  return embed
    ? { kind: "link", text: placeholder("link", textOf(embed["title"])) }
    : { kind: "unknown", text: placeholder("unknown") };
}

function mentionsOf(message: Fields): string[] {
  return fieldsOf(message["mentions"])
    .flatMap(({ id, nickname, name }) => [textOf(nickname) || textOf(name), idOf(id) ?? ""])
    .filter((name) => name !== "");
}
