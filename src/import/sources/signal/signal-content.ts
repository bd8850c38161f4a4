import { type Kind, type MediaKind, placeholder } from "../../kinds.js";
import { type Fields, fieldsOf, isFields, textOf } from "../fields.js";
import { mediaKindOf, mediaKindOfMime } from "../media-kind.js";
import type { SignalPeople } from "./signal-people.js";

/** A message without what all messages have. */
export type SignalContent = {
  /** Its words, or one for each file, the words with the first. */
  parts: { kind: Kind; text: string }[];
  /** What it answers: when that was sent, in ms, and its words; both may be empty. */
  quote: { id: string; text: string };
  /** Names of those it mentions. */
  mentions: string[];
  /** Of a notice: what changed, as the export spells it. */
  change: string;
};

/** What an item of one of Signal's types says. */
export function signalContent(type: string, content: Fields, people: SignalPeople): SignalContent {
  const result: SignalContent = { parts: [], quote: { id: "", text: "" }, mentions: [], change: "" };
  const single = (kind: MediaKind, detail = ""): void => {
    result.parts.push({ kind, text: placeholder(kind, detail) });
  };
  switch (type) {
    case "standardMessage":
      standardMessage(content, people, result);
      break;
    case "directStoryReplyMessage": {
      const reply = isFields(content["textReply"]) ? content["textReply"] : {};
      const text = bodyOf(reply["text"], people, result) || textOf(content["emoji"]);
      if (text !== "") result.parts.push({ kind: "text", text });
      break;
    }
    case "stickerMessage":
      single("sticker", isFields(content["sticker"]) ? textOf(content["sticker"]["emoji"]) : "");
      break;
    case "contactMessage":
      single("contact-card", cardName(content["contact"]));
      break;
    case "remoteDeletedMessage":
    case "adminDeletedMessage":
      single("recalled");
      break;
    case "viewOnceMessage":
      single(isFields(content["attachment"]) ? attachmentPart(content["attachment"]).kind : "image");
      break;
    case "paymentNotification":
      single("transfer");
      break;
    case "poll":
      single("poll", textOf(content["question"]));
      break;
    case "updateMessage":
      result.change = Object.keys(content)[0] ?? "";
      single(result.change.endsWith("Call") ? "call" : "system");
      break;
    default:
      single("unknown");
  }
  return result;
}

function standardMessage(content: Fields, people: SignalPeople, result: SignalContent): void {
  const text = bodyOf(content["text"], people, result);
  const quote = isFields(content["quote"]) ? content["quote"] : undefined;
  if (quote) {
    const sent = textOf(quote["targetSentTimestamp"]);
    result.quote.id = /^[1-9]\d*$/.test(sent) ? sent : "";
    result.quote.text = isFields(quote["text"]) ? textOf(quote["text"]["body"]) : "";
  }
  const files = fieldsOf(content["attachments"]).map(attachmentPart);
  if (files.length === 0) {
    if (text !== "") result.parts.push({ kind: "text", text });
    return;
  }
  for (const [at, { kind, detail }] of files.entries()) {
    const words = at === 0 ? [detail, text].filter((part) => part !== "").join("\n") : detail;
    result.parts.push({ kind, text: placeholder(kind, words) });
  }
}

/** A body's words, mentions spelled out. */
function bodyOf(text: unknown, people: SignalPeople, result: SignalContent): string {
  if (!isFields(text)) return "";
  const mentioned = fieldsOf(text["bodyRanges"]).flatMap((range) => {
    const name = people.nameOf(textOf(range["mentionAci"]));
    return name === "" ? [] : [{ start: Number(range["start"] ?? 0), name }];
  });
  result.mentions = mentioned.map(({ name }) => name);
  return withMentions(textOf(text["body"]), mentioned);
}

/** Puts names where Signal writes U+FFFC for a mention. */
export function withMentions(body: string, mentioned: readonly { start: number; name: string }[]): string {
  let text = body;
  for (const { start, name } of mentioned.toSorted((a, b) => b.start - a.start)) {
    if (text[start] === "\uFFFC") text = `${text.slice(0, start)}@${name}${text.slice(start + 1)}`;
  }
  return text;
}

function attachmentPart(attachment: Fields): { kind: MediaKind; detail: string } {
  const pointer = isFields(attachment["pointer"]) ? attachment["pointer"] : {};
  const name = textOf(pointer["fileName"]);
  const caption = textOf(pointer["caption"]);
  const kind =
    attachment["flag"] === "VOICE_MESSAGE" ? "voice" : fileKind(textOf(pointer["contentType"]), name);
  return { kind, detail: [kind === "file" ? name : "", caption].filter((part) => part !== "").join("\n") };
}

/** What a file is, by its type or else by its name. */
export function fileKind(contentType: string, name: string): MediaKind {
  const kind = mediaKindOfMime(contentType);
  return kind === "file" ? mediaKindOf(name) : kind;
}

function cardName(contact: unknown): string {
  const card = Array.isArray(contact) ? (contact as unknown[])[0] : contact;
  const name = isFields(card) && isFields(card["name"]) ? card["name"] : {};
  return [textOf(name["givenName"]), textOf(name["familyName"])].filter((part) => part !== "").join(" ");
}
