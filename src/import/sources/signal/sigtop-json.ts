import { type MediaKind, placeholder } from "../../kinds.js";
import { readJsonValues } from "../../reading/json.js";
import { type Fields, fieldsOf, isFields, textOf } from "../fields.js";
import { fileKind, withMentions } from "./signal-content.js";
import { sigtopConversation } from "./sigtop-names.js";
import type { ChatFile, Conversation, Draft, Found, Head, ReadContext, Source } from "../source.js";

/**
 * sigtop's JSON: what Signal Desktop keeps of each message of one chat, as it is. A message is known by when its
 * sender's device sent it, to the millisecond. Names of people are in none of them.
 *
 * @source tbvdm/sigtop, cmd/sigtop/fmt_json.go; signalapp/Signal-Desktop, ts/model-types.d.ts
 */
export const sigtopJson: Source = {
  id: "sigtop-json",
  label: "sigtop's JSON (Signal)",
  platform: "signal",
  rank: 4,
  sniff,
  read,
};

function sniff({ text }: Head): number {
  if (!/^\s*\[\s*\{/.test(text)) return 0;
  const marks = [/"conversationId"\s*:/, /"(?:sent_at|timestamp)"\s*:\s*\d{12}/, /"received_at(?:_ms)?"\s*:/];
  return marks.every((mark) => mark.test(text)) ? 0.95 : 0;
}

async function* read(file: ChatFile, { named, run }: ReadContext): AsyncIterable<Found> {
  const conversation = sigtopConversation(file.name, named.name);
  let count = 0;
  let wordless = 0;
  for await (const found of readJsonValues(file, ["*"])) {
    if (found.kind !== "value") {
      yield found;
      continue;
    }
    run.signal?.throwIfAborted();
    count += 1;
    const place = `message ${count}`;
    if (!isFields(found.value)) {
      yield { kind: "problem", place, what: "not an object" };
      continue;
    }
    const drafts = messages(found.value, conversation);
    if (typeof drafts === "string") yield { kind: "problem", place, what: drafts };
    else if (drafts.length === 0) wordless += 1;
    else for (const message of drafts) yield { kind: "message", message };
  }
  if (wordless > 0) {
    const what = `${wordless} messages say nothing: Signal Desktop 7.42 and later keep words out of this JSON; sigtop's text has them`;
    yield { kind: "note", what };
  }
}

function messages(fields: Fields, conversation: Conversation): Draft[] | string {
  const sent = fields["sent_at"] ?? fields["timestamp"];
  if (typeof sent !== "number" || !Number.isSafeInteger(sent) || sent < 0) return "has no time";
  const type = textOf(fields["type"]);
  const own = type === "outgoing";
  const talk = own || type === "incoming";
  const account =
    textOf(fields["sourceServiceId"]) || textOf(fields["sourceUuid"]) || textOf(fields["source"]);
  const quote = isFields(fields["quote"]) ? fields["quote"] : {};
  const mentions = talk ? mentioned(fields["bodyRanges"]) : [];
  const base = {
    conversation,
    session: null,
    sender: talk ? (own ? "You" : conversation.group ? account : conversation.name) : "",
    ...(talk && !own && account !== "" && { senderId: account }),
    owner: own,
    time: Math.floor(sent / 1000),
    ...(Number.isSafeInteger(quote["id"]) && { replyTo: String(quote["id"]) }),
    ...(textOf(quote["text"]) !== "" && { quoted: textOf(quote["text"]) }),
    ...(mentions.length > 0 && { mentions: mentions.map(({ name }) => name) }),
    originalType: type === "" ? null : type,
  };
  const parts = talk ? talkParts(fields, withMentions(textOf(fields["body"]), mentions)) : noticeParts(type);
  return parts.map((part, at) => ({
    ...base,
    ...part,
    ...(at === 0 && talk && { platformId: String(sent) }),
  }));
}

type Part = Pick<Draft, "kind" | "text">;

function talkParts(fields: Fields, body: string): Part[] {
  if (fields["deletedForEveryone"] === true) return [placed("recalled")];
  const files = fieldsOf(fields["attachments"]).map((attachment) => {
    const name = textOf(attachment["fileName"]);
    // Bit 0 of the flags says that it was recorded as a voice message.
    const voice = (Number(attachment["flags"] ?? 0) & 1) === 1;
    const kind = voice ? "voice" : fileKind(textOf(attachment["contentType"]), name);
    return { kind, words: [kind === "file" ? name : "", textOf(attachment["caption"])] };
  });
  if (files.length > 0) {
    return files.map(({ kind, words }, at) => placed(kind, ...words, ...(at === 0 ? [body] : [])));
  }
  if (isFields(fields["sticker"])) return [placed("sticker", textOf(fields["sticker"]["emoji"]))];
  if (fieldsOf(fields["contact"]).length > 0) return [placed("contact-card", body)];
  if (isFields(fields["poll"])) return [placed("poll", textOf(fields["poll"]["question"]))];
  if (body !== "") return [{ kind: "text", text: body }];
  return fields["isViewOnce"] === true ? [placed("image")] : [];
}

function noticeParts(type: string): Part[] {
  return [placed(type === "call-history" ? "call" : type === "story" ? "unknown" : "system")];
}

function placed(kind: MediaKind, ...words: string[]): Part {
  return { kind, text: placeholder(kind, words.filter((part) => part !== "").join("\n")) };
}

function mentioned(ranges: unknown): { start: number; name: string }[] {
  return fieldsOf(ranges).flatMap((range) => {
    const name = textOf(range["replacementText"]);
    return name === "" ? [] : [{ start: Number(range["start"] ?? 0), name }];
  });
}
