import { type MediaKind, placeholder } from "../../kinds.js";
import { mediaKindOf } from "../media-kind.js";
import type { ChatFile, Draft, ReadContext } from "../source.js";
import { GrowingChat } from "../growing-chat.js";

// What signal-export writes the same way into data.json and chat.md.

/** What signal-export calls the one whose Signal it is. */
const OWN_NAME = "Me";
/** What it calls those it could not find. */
const NOBODY = "No-Sender";
const CALL = /^(?:Incoming|Outgoing|Missed) (?:(?:voice|video) )?call(?: \(.{1,60}\))?$/;

/** A message as either file says it. */
export type ExportedMessage = {
  sender: string;
  time: number | null;
  body: string;
  quoted: string;
  sticker: string | null;
  /** Names of files that were sent. */
  files: string[];
  deleted: boolean;
  call: boolean;
};

/** The chat's people as they are met; the chat is called like the folder. */
export function exportedChat(file: ChatFile, { named }: ReadContext): GrowingChat {
  return new GrowingChat(named.name || (file.folders.at(-1) ?? ""));
}

/** The messages that one stands for: one for each file, the words with the first. None if it says nothing. */
export function exportedDrafts(message: ExportedMessage, chat: GrowingChat): Draft[] {
  const sender = message.sender === NOBODY ? "" : message.sender;
  const base: Omit<Draft, "kind" | "text"> = {
    conversation: chat.with(sender),
    session: null,
    sender,
    owner: sender === OWN_NAME,
    time: message.time,
    ...(message.quoted !== "" && { quoted: message.quoted }),
    originalType: null,
  };
  return parts(message).map((part) => ({ ...base, ...part }));
}

type Part = Pick<Draft, "kind" | "text">;

function placed(kind: MediaKind, words: string): Part {
  return { kind, text: placeholder(kind, words) };
}

function parts({ body, sticker, files, deleted, call }: ExportedMessage): Part[] {
  if (deleted) return [placed("recalled", "")];
  if (call || CALL.test(body)) return [placed("call", body)];
  if (files.length > 0) {
    return files.map((name, at) => {
      const kind = /\.(?:aac|m4a)$/i.test(name) ? "voice" : mediaKindOf(name);
      const words = [kind === "file" ? name : "", at === 0 ? body : ""].filter((part) => part !== "");
      return placed(kind, words.join("\n"));
    });
  }
  if (sticker !== null) return [placed("sticker", [sticker, body].filter((part) => part !== "").join("\n"))];
  return body === "" ? [] : [{ kind: "text", text: body }];
}
