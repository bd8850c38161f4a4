import { type Kind, placeholder } from "../../kinds.js";
import { type Fields, fieldsOf, textOf } from "../fields.js";
import { mediaKindOf } from "../media-kind.js";
import { metaPseudoMessage } from "./meta-phrases.js";
import { readThread, type ThreadFormat } from "./meta-thread.js";
import type { Head, Source } from "../source.js";

const format: ThreadFormat = {
  senderField: "senderName",
  timeField: "timestamp",
  nameOf: (name) => name,
  titleOf: withoutNumber,
  content,
};

/**
 * Messenger's download of end-to-end encrypted chats: `<name>_<number>.json` at the root of a zip, with proper UTF-8.
 * A chat goes on here where the older thread of the same name stops.
 *
 * @source no specification; files of the program
 */
export const messengerE2eeJson: Source = {
  id: "messenger-e2ee-json",
  label: "Messenger's JSON of encrypted chats",
  platform: "meta",
  rank: 3,
  sniff,
  read: (file, context) => readThread(file, context, format),
};

function sniff({ text }: Head): number {
  if (!/^\s*\{/.test(text) || !/"participants"\s*:\s*\[\s*(?:\]|")/.test(text)) return 0;
  return /"threadName"\s*:/.test(text) || /"senderName"\s*:/.test(text) ? 0.95 : 0;
}

/** Threads of one name are told apart by a number: `Mira_12`. */
function withoutNumber(name: string): string {
  return name.replace(/_\d+$/, "");
}

function content(message: Fields, sender: string): { kind: Kind; text: string } {
  const type = textOf(message["type"]);
  const words = textOf(message["text"]);
  const pseudo = words === "" ? undefined : metaPseudoMessage(words, sender);
  if (message["isUnsent"] === true || pseudo === "recalled")
    return { kind: "recalled", text: placeholder("recalled") };
  if (pseudo === "call") return { kind: "call", text: placeholder("call") };
  if (pseudo === "system") return { kind: "system", text: placeholder("system", words) };
  const [media] = fieldsOf(message["media"]);
  const own = pseudo === undefined && type !== "placeholder" ? words : "";
  if (media) {
    const kind = mediaKindOf(textOf(media["uri"]));
    return { kind, text: placeholder(kind, own) };
  }
  if (own !== "") return { kind: "text", text: own };
  const kind = type === "link" ? "link" : "unknown";
  return { kind, text: placeholder(kind) };
}
