import { placeholder } from "../../kinds.js";
import type { LocalTime } from "../../local-time.js";
import { readLines } from "../../reading/lines.js";
import { mentionsIn, parseBody, withoutMarks } from "./whatsapp-body.js";
import { whatsappChatName } from "./whatsapp-chat-name.js";
import { readDate } from "./whatsapp-dates.js";
import { type Header, parseHeader } from "./whatsapp-header.js";
import { ENCRYPTED, MISSED_CALL } from "./whatsapp-phrases.js";
import { splitSender, surveyWhatsapp, type Survey } from "./whatsapp-survey.js";
import type { ChatFile, Conversation, Draft, Found, Head, ReadContext, Source } from "../source.js";

/** WhatsApp lets nobody write more than 65,536 characters at once. */
const LONGEST_BODY = 65_536;

/**
 * WhatsApp's export of a chat as text, from Android or iOS and in any language: `_chat.txt`, or the text named after
 * the chat. The file is read twice, because only all of its dates together tell whether days or months come first.
 *
 * @source no specification; files of both systems
 */
export const whatsappTxt: Source = {
  id: "whatsapp-txt",
  label: "WhatsApp's text",
  platform: "whatsapp",
  rank: 2,
  sniff,
  read,
};

const SNIFFED_LINES = 60;

function sniff({ text, fileName, folders }: Head): number {
  const lines = text.split(/\r\n|\n|\r/, SNIFFED_LINES).filter((line) => line.trim() !== "");
  const headers = lines.flatMap((line) => parseHeader(line) ?? []);
  if (!headers.some(({ rest }) => splitSender(rest))) return 0;
  const saysSo =
    headers.some(({ rest }) => rest.includes("\u200e") || ENCRYPTED.test(rest.toLowerCase())) ||
    /^_chat\b|whatsapp/i.test(fileName) ||
    folders.some((folder) => /whatsapp/i.test(folder));
  const fromTheStart = parseHeader(lines[0]!) !== undefined;
  if (saysSo) return fromTheStart ? 0.95 : 0.7;
  return fromTheStart ? 0.6 : 0.3;
}

async function* read(file: ChatFile, { named, localTime, run }: ReadContext): AsyncIterable<Found> {
  const survey = await surveyWhatsapp(file, run.signal);
  const conversation = conversationOf(file, survey, named.name);
  const owner = ownerOf(survey, conversation);
  if (owner !== undefined) yield { kind: "owner", sender: owner };
  yield* notes(survey);
  const finish = (message: Started) => finishMessage(message, conversation, survey, localTime);
  let open: Started | undefined;
  for await (const line of readLines(file)) {
    if (line.kind !== "line") {
      yield line;
      continue;
    }
    const header = parseHeader(line.text);
    if (header && header.layout === survey.layout) {
      run.signal?.throwIfAborted();
      if (open) yield finish(open);
      open = { header, line: line.number, body: header.rest };
    } else if (open) {
      if (open.body.length + line.text.length <= LONGEST_BODY) open.body += `\n${line.text}`;
      else if (open.tooLong !== true) {
        open.tooLong = true;
        const what = `longer than a message can be (${LONGEST_BODY} characters); the rest of it was left out`;
        yield { kind: "problem", place: `line ${open.line}`, what };
      }
    } else if (withoutMarks(line.text).trim() !== "")
      yield { kind: "problem", place: `line ${line.number}`, what: "belongs to no message" };
  }
  if (open) yield finish(open);
}

/** A message whose last line is not known yet. */
type Started = { header: Header; line: number; body: string; tooLong?: true };

function finishMessage(
  { header, line, body }: Started,
  conversation: Conversation,
  survey: Survey,
  localTime: LocalTime,
): Found {
  const date = readDate(header.date, survey.order);
  const { hour, minute, second } = header;
  const time = date
    ? localTime({ year: date.year, month: date.month, day: date.day, hour, minute, second })
    : null;
  if (time === null) return { kind: "problem", place: `line ${line}`, what: "no such date or time" };
  const base = { conversation, session: null, time, originalType: null };
  const said = splitSender(header.rest);
  if (!said) {
    const text = withoutMarks(body).trim();
    const isCall = MISSED_CALL.has(text.toLowerCase());
    return {
      kind: "message",
      message: isCall ? fromNobody(base, "call", "") : fromNobody(base, "system", text),
    };
  }
  const words = said.body + body.slice(header.rest.length);
  const { kind, text, unknownPhrase } = parseBody(words, header.bracketed);
  if (kind === "system" || (unknownPhrase && !survey.senders.has(said.sender)))
    return { kind: "message", message: fromNobody(base, "system", withoutMarks(words)) };
  const message: Draft = {
    conversation,
    session: null,
    sender: said.sender,
    owner: null,
    time,
    kind,
    text,
    originalType: null,
  };
  const mentions = mentionsIn(words);
  if (mentions.length > 0) message.mentions = mentions;
  return { kind: "message", message };
}

function fromNobody(
  base: Pick<Draft, "conversation" | "session" | "time" | "originalType">,
  kind: "call" | "system",
  detail: string,
): Draft {
  return { ...base, sender: "", owner: false, kind, text: placeholder(kind, detail) };
}

/** A chat of more than two, or whose notices are written by nobody who wrote in it, is a group's. */
function conversationOf(file: ChatFile, { senders, noticeAuthor }: Survey, fallback: string): Conversation {
  const name = whatsappChatName(file) || noticeAuthor || fallback;
  const isNamedAfterSender = noticeAuthor === "" || senders.has(noticeAuthor);
  return { id: null, name, group: senders.size > 2 || (senders.size === 2 && !isNamedAfterSender) };
}

/**
 * Who made the export: the one whose taken-back messages iOS calls "You deleted this message", else of two the one
 * after whom the chat is not named.
 */
function ownerOf({ senders, takers }: Survey, { name, group }: Conversation): string | undefined {
  const [taker, ...moreTakers] = takers;
  if (taker !== undefined) return moreTakers.length === 0 ? taker : undefined;
  if (group || senders.size !== 2 || !senders.has(name)) return undefined;
  return [...senders].find((sender) => sender !== name);
}

function* notes({ layout, order, orderIsSure, otherHeaders }: Survey): Iterable<Found> {
  if (layout !== undefined && !orderIsSure) {
    const first = order === "DMY" ? "day" : "month";
    const what = `the dates do not tell whether days or months come first; they were read with the ${first} first`;
    yield { kind: "note", what };
  }
  if (otherHeaders > 0) {
    const what = `${otherHeaders} lines that begin like messages, but with another form of date, were taken for text`;
    yield { kind: "note", what };
  }
}
