import { type Kind, type MediaKind, placeholder } from "../../kinds.js";
import { EFFECT, kindOfFile, UNSENT } from "./imessage-types.js";

/** What the lines under a date and a sender say. */
export type Body = {
  text: string;
  /** Files that were sent, with what was heard in a voice message; not their paths, which are personal. */
  media: { kind: MediaKind; detail: string }[];
  recalled: boolean;
  isReply: boolean;
};

const DELETED = "This message was deleted from the conversation!";
const RESPONDED = "This message responded to an earlier message.";
const TAPBACKS = /^(?:Reactions|Tapbacks):$/;
const TAPBACK =
  /^\s*(?:(?:Loved|Liked|Disliked|Laughed|Emphasized|Questioned|\S{1,20}) by .+|Sticker from .+)$/;
const STICKER = /^Sticker from .{1,100}?(?:: .+| not found!)$/;
const PATH = /^(?:~?\/|\.{0,2}\/?attachments\/|[A-Za-z]:\\).*[/\\]([^/\\]+\.[A-Za-z0-9]{1,32})$/;
const BARE_NAME = /^[\w .()-]{1,100}\.(?:heic|mov|caf|pluginPayloadAttachment)$/i;
const TRANSCRIPTION = /^Transcription: (.*)$/;
const EDITED = /^Edited .{1,60} later: (.*)$/;
const SHARED = /^(?:Started|Stopped) sharing location!$/;
const UNREADABLE = /^(?:Unable to format app message: .*|Handwritten messages are not yet supported!)$/;
const LINK = /^https?:\/\/\S+$/;

/**
 * Takes the exporter's own remarks out of a message: tapbacks, effects, earlier wordings, paths of files.
 *
 * @source ReagentX/imessage-exporter, imessage-exporter/src/exporters/txt.rs
 */
export function readBody(lines: readonly string[]): Body {
  const body: Body = { text: "", media: [], recalled: false, isReply: false };
  let words: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at]!;
    if (TAPBACKS.test(line) && TAPBACK.test(lines[at + 1] ?? "")) {
      while (TAPBACK.test(lines[at + 1] ?? "")) at += 1;
      // The list is closed by an empty line of its own.
      if (lines[at + 1] === "") at += 1;
    } else if (line === RESPONDED) body.isReply = true;
    else if ((line === DELETED && at === 0) || UNSENT.test(line)) body.recalled = true;
    else if (EFFECT.test(line)) continue;
    else if (EDITED.test(line)) words = [EDITED.exec(line)![1]!];
    else if (!readMedia(line, body)) words.push(line);
  }
  body.text = words.join("\n").trim();
  // Of a message in parts one may be taken back and the others not.
  if (body.text !== "" && lines[0] !== DELETED) body.recalled = false;
  if (LINK.test(words[0] ?? "") && words.length > 1 && body.media.length === 0) {
    body.media.push({ kind: "link", detail: body.text });
    body.text = "";
  }
  return body;
}

function readMedia(line: string, body: Body): boolean {
  const name = PATH.exec(line)?.[1] ?? (BARE_NAME.test(line) ? line : undefined);
  const heard = TRANSCRIPTION.exec(line)?.[1];
  if (name !== undefined) {
    const kind = kindOfFile(name);
    // A link's preview picture, which nobody sent.
    if (!name.endsWith(".pluginPayloadAttachment"))
      body.media.push({ kind, detail: kind === "file" ? name : "" });
  } else if (heard !== undefined && body.media.at(-1)?.kind === "voice") body.media.at(-1)!.detail = heard;
  else if (STICKER.test(line)) body.media.push({ kind: "sticker", detail: "" });
  else if (line === "Attachment missing!") body.media.push({ kind: "file", detail: "" });
  else if (SHARED.test(line)) body.media.push({ kind: "live-location", detail: "" });
  else if (UNREADABLE.test(line)) body.media.push({ kind: "unknown", detail: "" });
  else return false;
  return true;
}

/** The messages that a body stands for: one for each file that was sent, the words with the first of them. */
export function bodyParts({ text, media, recalled }: Body): { kind: Kind; text: string }[] {
  if (recalled) return [{ kind: "recalled", text: placeholder("recalled") }];
  if (media.length === 0) return text === "" ? [] : [{ kind: "text", text }];
  return media.map(({ kind, detail }, at) => {
    const words = at === 0 ? [detail, text].filter((part) => part !== "").join("\n") : detail;
    return { kind, text: placeholder(kind, words) };
  });
}
