import { type Kind, type MediaKind, placeholder } from "../../kinds.js";
import { type Fields, fieldsOf, isFields, textOf } from "../fields.js";
import { repairLatin1 } from "./latin1.js";
import { metaPseudoMessage } from "./meta-phrases.js";
import { readThread, type ThreadFormat } from "./meta-thread.js";
import type { Head, Source } from "../source.js";

/** Lists in a message that hold what was sent. */
const MEDIA: [string, MediaKind][] = [
  ["photos", "image"],
  ["videos", "video"],
  ["audio_files", "voice"],
  ["gifs", "sticker"],
  ["files", "file"],
];

const format: ThreadFormat = {
  senderField: "sender_name",
  timeField: "timestamp_ms",
  nameOf: repairLatin1,
  titleOf: repairLatin1,
  content,
};

/**
 * The downloads of Instagram and of Messenger's threads without end-to-end encryption: `message_1.json` and so on in
 * a folder for each thread, newest message first, every text written as if its bytes were Latin-1.
 *
 * @source no specification; files of both programs
 */
export const metaJson: Source = {
  id: "meta-json",
  label: "Instagram's or Messenger's JSON",
  platform: "meta",
  rank: 3,
  sniff,
  read: (file, context) => readThread(file, context, format),
};

function sniff({ text }: Head): number {
  if (!/^\s*\{\s*"participants"\s*:\s*\[\s*(?:\]|\{)/.test(text)) return 0;
  return /"timestamp_ms"\s*:\s*\d/.test(text) || /"thread_path"\s*:/.test(text) ? 0.95 : 0;
}

function content(message: Fields, sender: string): { kind: Kind; text: string } {
  const words = repairLatin1(textOf(message["content"]));
  const pseudo = words === "" ? undefined : metaPseudoMessage(words, sender);
  if (message["is_unsent"] === true || pseudo === "recalled")
    return { kind: "recalled", text: placeholder("recalled") };
  if (message["call_duration"] !== undefined || message["type"] === "Call" || pseudo === "call")
    return { kind: "call", text: placeholder("call") };
  const media = MEDIA.find(([key]) => fieldsOf(message[key]).length > 0);
  const own = pseudo === undefined ? words : "";
  if (media) return { kind: media[1], text: placeholder(media[1], own) };
  if (isFields(message["sticker"])) return { kind: "sticker", text: placeholder("sticker", own) };
  if (pseudo === "system" || message["type"] === "Subscribe" || message["type"] === "Unsubscribe")
    return { kind: "system", text: placeholder("system", words) };
  // Whoever types an address has it in the words already; a share alone passes on what somebody else made.
  if (own !== "") return { kind: "text", text: own };
  if (isFields(message["share"])) {
    const title = repairLatin1(textOf(message["share"]["share_text"])).split("\n", 1)[0]!;
    return { kind: "link", text: placeholder("link", title) };
  }
  return { kind: "unknown", text: placeholder("unknown") };
}
