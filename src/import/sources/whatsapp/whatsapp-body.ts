import { type Kind, type MediaKind, placeholder } from "../../kinds.js";
import { mediaKindOf } from "../media-kind.js";
import {
  ATTACHED,
  CALL_START,
  DELETED,
  DELETED_BY_OWNER,
  EDITED,
  ENCRYPTED,
  LIVE_LOCATION,
  MEDIA_OMITTED,
  MISSED_CALL,
  OMITTED,
  POLL_START,
} from "./whatsapp-phrases.js";

/** What follows a sender's name. */
export type Body = {
  kind: Kind;
  text: string;
  /** Whether it is a phrase of the program's, in the invisible marks of iOS, that is not known. */
  unknownPhrase?: true;
};

/** The notice about encryption is the longest. */
const LONGEST_PHRASE = 300;
const MARK = "\u200e";
const INVISIBLE = /[\u200e\u202a-\u202c\u2066-\u2069]/g;
/** How WhatsApp names files: what it is, or a number and what it is. */
const OWN_FILE_NAME = /^(?:(?:IMG|VID|AUD|PTT|STK|DOC)-\d{8}-WA\d+|\d{5,}-[A-Z]+-)/;
const AS_IT_NAMES: Record<string, MediaKind> = {
  IMG: "image",
  PHOTO: "image",
  VID: "video",
  VIDEO: "video",
  AUD: "music",
  PTT: "voice",
  AUDIO: "voice",
  STK: "sticker",
  STICKER: "sticker",
  GIF: "sticker",
};
const MAP_LINK =
  /^[^\n:：]{2,24}\s?[:：]\s?https:\/\/(?:maps\.google\.com\/|maps\.apple\.com\/|goo\.gl\/maps|foursquare\.com\/)\S*$/;

/** The text of names and messages without the marks that only steer how they are drawn. */
export function withoutMarks(text: string): string {
  return text.replace(INVISIBLE, "");
}

/**
 * What a message of WhatsApp's text says: a text, or the placeholder of what was sent and then its caption.
 *
 * iOS puts U+200E before every phrase of its own; Android puts files' names and phrases in plain text. Quotes are
 * not exported.
 *
 * @param raw everything behind `name: `, lines joined by newlines
 * @param bracketed whether iOS wrote it
 */
export function parseBody(raw: string, bracketed: boolean): Body {
  const body = withoutEditedMark(raw);
  const marked = body.startsWith(MARK);
  const clean = withoutMarks(body);
  const whole = normal(clean);
  if (whole === "" || clean === "null") return media("unknown");
  if (DELETED.has(whole) || DELETED_BY_OWNER.has(whole)) return media("recalled");
  if (MISSED_CALL.has(whole) || (marked && CALL_START.test(whole))) return media("call");
  if (LIVE_LOCATION.has(whole)) return media("live-location");
  if (MAP_LINK.test(clean)) return media("location");
  const sent = attachedInBrackets(body) ?? attachedByDash(clean) ?? (bracketed ? omitted(body) : undefined);
  if (sent) return sent;
  const poll = pollIn(clean);
  if (poll) return poll;
  if (marked && ENCRYPTED.test(whole)) return media("system", clean);
  if (marked && bracketed && !clean.startsWith("@")) return { ...media("unknown"), unknownPhrase: true };
  return { kind: "text", text: clean };
}

/**
 * What a phrase of iOS says about the chat: that its author is the owner of the export, who took a message back, or
 * the chat itself, in the notice about encryption. Nobody can type the mark before it.
 */
export function authorOfPhrase(raw: string): "owner" | "chat" | undefined {
  if (!raw.startsWith(MARK)) return undefined;
  const whole = normal(withoutMarks(raw));
  if (DELETED_BY_OWNER.has(whole)) return "owner";
  return ENCRYPTED.test(whole) ? "chat" : undefined;
}

/** Names that iOS wraps in U+2068 and U+2069 behind an `@`. */
export function mentionsIn(raw: string): string[] {
  if (!raw.includes("@\u2068")) return [];
  return [...raw.matchAll(/@\u2068([^\u2068\u2069\n]+)\u2069/g)].map((match) =>
    withoutMarks(match[1]!).replace(/^~\s*/, ""),
  );
}

function media(kind: MediaKind, detail = ""): Body {
  return { kind, text: placeholder(kind, detail) };
}

/** Lower case, and without what surrounds a phrase. */
function normal(text: string): string {
  return text.length > LONGEST_PHRASE
    ? text
    : text
        .trim()
        .replace(/[.。]$/, "")
        .toLowerCase();
}

function withoutEditedMark(body: string): string {
  if (!/>\s*$/.test(body.slice(-8))) return body;
  const open = body.lastIndexOf("<");
  const phrase = withoutMarks(body.slice(open + 1))
    .trim()
    .slice(0, -1);
  if (open < 0 || !EDITED.has(normal(phrase))) return body;
  const before = body.slice(0, open).trimEnd();
  return before.endsWith(MARK) ? before.slice(0, -1).trimEnd() : before;
}

/** iOS: `caption <attached: 00000012-PHOTO-2025-03-14-13-55-00.jpg>`. */
function attachedInBrackets(body: string): Body | undefined {
  const open = body.lastIndexOf("<");
  if (open < 0 || body.length - open > 300) return undefined;
  const match = /^<([^<>:：]{2,30}?)\s?[:：]\s?([^<>:：]+\.\w{2,5})>\s*$/.exec(
    withoutMarks(body.slice(open)),
  );
  if (!match) return undefined;
  const [, phrase, name] = match as unknown as [string, string, string];
  if (!ATTACHED.has(phrase.toLowerCase()) && !OWN_FILE_NAME.test(name) && body[open - 1] !== MARK)
    return undefined;
  const before = withoutMarks(body.slice(0, open)).trim();
  // A document's own name stands before it, with its number of pages.
  const caption = before.replace(/^(\S.*\.\w{2,5}) • .*$/, "$1");
  return file(name, caption);
}

/** Android: `IMG-20250314-WA0001.jpg (file attached)`, a caption on the next lines; `<Media omitted>`. */
function attachedByDash(clean: string): Body | undefined {
  const end = clean.indexOf("\n");
  const line = end < 0 ? clean : clean.slice(0, end);
  if (line.length > 300) return undefined;
  const caption = end < 0 ? "" : clean.slice(end + 1);
  const between = /^<([^<>]{3,60})>\s*$/.exec(line);
  if (between) return MEDIA_OMITTED.has(normal(between[1]!)) ? media("unknown", caption) : undefined;
  const match = /^(\S.*\.\w{2,5}) \(([^()]{2,30})\)\s*$/.exec(line);
  if (!match) return undefined;
  const [, name, phrase] = match as unknown as [string, string, string];
  return ATTACHED.has(normal(phrase)) || OWN_FILE_NAME.test(name) ? file(name, caption) : undefined;
}

function file(name: string, caption: string): Body {
  const word = /^(?:\d{5,}-)?([A-Z]{3,8})-/.exec(name)?.[1] ?? "";
  const kind = AS_IT_NAMES[word] ?? mediaKindOf(name);
  // WhatsApp's own names say nothing; a document's does.
  const detail = OWN_FILE_NAME.test(name) || kind !== "file" ? caption : `${name} ${caption}`;
  return media(kind, detail);
}

/** iOS without media: `caption ‎image omitted`, `plan.pdf • ‎3 pages ‎document omitted`. */
function omitted(body: string): Body | undefined {
  const mark = body.lastIndexOf(MARK);
  const kind = OMITTED.get(normal(withoutMarks(body.slice(mark + 1))));
  if (!kind) return undefined;
  const before = withoutMarks(body.slice(0, Math.max(0, mark))).trim();
  return media(kind, kind === "file" ? before.replace(/ • .*$/s, "") : before);
}

/** `POLL:`, the question and lines `OPTION: …`. */
function pollIn(clean: string): Body | undefined {
  if (!clean.includes("\n") || !POLL_START.test(clean.slice(0, 40).toLowerCase())) return undefined;
  const question = clean.replace(/^[^:：]*[:：]\s*/, "").split("\n", 1)[0]!;
  return media("poll", question);
}
