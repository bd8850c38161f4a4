import { type Kind, type MediaKind, placeholder } from "../../kinds.js";
import { type Fields, fieldsOf, isFields, textOf } from "../fields.js";

/** What a message says: its kind, and its words or placeholder. */
export type Content = { kind: Kind; text: string };

const BY_MEDIA_TYPE: Record<string, MediaKind> = {
  sticker: "sticker",
  video_message: "video",
  voice_message: "voice",
  animation: "sticker",
  video_file: "video",
  audio_file: "music",
};

/** A file that was not exported is a sentence in parentheses, in the language of the program. */
const NOT_EXPORTED = /^\(.*\)$/s;

/**
 * The content of a message of Telegram's: a text, or the placeholder of what was sent with it and then its caption.
 *
 * @source telegramdesktop/tdesktop, export_output_json.cpp
 */
export function telegramContent(message: Fields): Content {
  const words = telegramText(message);
  const media = mediaOf(message);
  if (media) {
    const detail = [media.detail, words].filter((part) => part !== "").join(" ");
    return { kind: media.kind, text: placeholder(media.kind, detail) };
  }
  return words === "" ? { kind: "unknown", text: placeholder("unknown") } : { kind: "text", text: words };
}

/** The words of `text`, which is a text or a list of texts and objects with one; of `text_entities` if that is gone. */
export function telegramText(message: Fields): string {
  const text = message["text"] ?? message["text_entities"];
  if (!Array.isArray(text)) return textOf(text);
  let words = "";
  for (const part of text as unknown[]) words += isFields(part) ? textOf(part["text"]) : textOf(part);
  return words;
}

/** Whom a message names without their `@name`, which is in the text. */
export function telegramMentions(message: Fields): string[] {
  if (!Array.isArray(message["text"])) return [];
  return fieldsOf(message["text"])
    .filter(({ type }) => type === "mention_name")
    .flatMap(({ text, user_id: id }) => [textOf(text), ...(id === undefined ? [] : [`user${id}`])])
    .filter((name) => name !== "");
}

function mediaOf(message: Fields): { kind: MediaKind; detail: string } | undefined {
  const { photo, file, media_type: type, poll } = message;
  if (photo !== undefined) return { kind: "image", detail: "" };
  if (file !== undefined || type !== undefined) {
    const kind =
      BY_MEDIA_TYPE[textOf(type)] ?? (textOf(message["mime_type"]).startsWith("image/") ? "image" : "file");
    const path = NOT_EXPORTED.test(textOf(file)) ? "" : textOf(file).split("/").at(-1)!;
    const name = textOf(message["file_name"]) || path;
    const detail = kind === "sticker" ? textOf(message["sticker_emoji"]) : kind === "file" ? name : "";
    return { kind, detail };
  }
  if (isFields(poll)) return { kind: "poll", detail: textOf(poll["question"]) };
  if (isFields(message["contact_information"])) {
    const { first_name: first, last_name: last } = message["contact_information"];
    return { kind: "contact-card", detail: `${textOf(first)} ${textOf(last)}` };
  }
  if (message["location_information"] !== undefined || message["place_name"] !== undefined) {
    const live = message["live_location_period_seconds"] !== undefined;
    return { kind: live ? "live-location" : "location", detail: textOf(message["place_name"]) };
  }
  if (message["game_title"] !== undefined)
    return { kind: "mini-program", detail: textOf(message["game_title"]) };
  if (message["invoice_information"] !== undefined) return { kind: "unknown", detail: "" };
  return undefined;
}
