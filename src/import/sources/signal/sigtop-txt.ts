import { type Kind, type MediaKind, placeholder } from "../../kinds.js";
import { readLines } from "../../reading/lines.js";
import { fileKind } from "./signal-content.js";
import { detailedName, sigtopConversation } from "./sigtop-names.js";
import type { ChatFile, Conversation, Draft, Found, Head, ReadContext, Source } from "../source.js";

/**
 * sigtop's text: fields as of a mail, an empty line, what is answered behind `>`, an empty line, the words; or all
 * versions of a message that was edited behind `|`, the newest first.
 *
 * @source tbvdm/sigtop, cmd/sigtop/fmt_text.go
 */
export const sigtopTxt: Source = {
  id: "sigtop-txt",
  label: "sigtop's text (Signal)",
  platform: "signal",
  rank: 3,
  sniff,
  read,
};

const HEAD = /(?:^|\n\r?\n)(?:From: [^\n]+\n)?Type: [\w-]+\r?\n(?:Sent|Received): [^\n]+\n/;

function sniff({ text }: Head): number {
  return HEAD.test(text) ? (text.startsWith("Conversation: ") ? 0.95 : 0.9) : 0;
}

async function* read(file: ChatFile, { named, run }: ReadContext): AsyncIterable<Found> {
  let conversation = sigtopConversation(file.name, named.name);
  let lines: string[] = [];
  let start = 0;
  let afterBlank = true;
  // A line that begins a message if the next one goes on like a head.
  let held: { text: string; number: number } | undefined;
  for await (const line of readLines(file)) {
    if (line.kind !== "line") {
      yield line;
      continue;
    }
    run.signal?.throwIfAborted();
    const { text, number } = line;
    if (held) {
      const begins = held.text.startsWith("From: ") ? /^Type: [\w-]+$/ : /^(?:Sent|Received): /;
      if (begins.test(text)) {
        if (start > 0) yield* message(lines, start, conversation);
        [lines, start] = [[], held.number];
      }
      lines.push(held.text);
      held = undefined;
    }
    if (afterBlank && /^(?:From: .|Type: [\w-]+$)/.test(text)) held = { text, number };
    else if (start === 0 && text.startsWith("Conversation: ")) {
      const { name, group } = detailedName(text.slice("Conversation: ".length));
      conversation = { id: null, name, group };
    } else lines.push(text);
    afterBlank = text === "";
  }
  if (held) lines.push(held.text);
  if (start > 0) yield* message(lines, start, conversation);
  else yield { kind: "problem", place: "line 1", what: "holds no message with a type and a time" };
}

function* message(lines: readonly string[], start: number, conversation: Conversation): Iterable<Found> {
  const { fields, rest } = readFields(lines);
  const type = fields.get("Type")?.[0] ?? "";
  const from = detailedName(fields.get("From")?.[0] ?? "");
  const own = type === "outgoing";
  const talk = own || type === "incoming";
  const sent = fields.get("Sent")?.[0] ?? fields.get("Received")?.[0] ?? "";
  const time = mailTime(sent);
  if (time === null && sent !== "unknown") {
    yield { kind: "problem", place: `line ${start}`, what: "has no time that can be read" };
    return;
  }
  const newest = newestVersion(rest);
  const inner = newest ? readFields(newest) : { fields, rest };
  const { quoted, body } = readQuote(inner.rest);
  const drafted = (kind: Kind, text: string): Found => {
    const sender = talk ? (own ? "You" : from.name) : "";
    const draft: Draft = {
      conversation,
      session: null,
      sender,
      owner: own,
      time,
      kind,
      text,
      originalType: type,
    };
    if (talk && !own && from.accountId !== "") draft.senderId = from.accountId;
    if (quoted !== "") draft.quoted = quoted;
    return { kind: "message", message: draft };
  };
  if (!talk) {
    const kind: MediaKind = type === "call-history" ? "call" : "system";
    yield drafted(kind, placeholder(kind, body));
    return;
  }
  const files = (inner.fields.get("Attachment") ?? []).map(attachment);
  if (files.length === 0 && body !== "") yield drafted("text", body);
  for (const [at, { kind, name }] of files.entries()) {
    const words = [kind === "file" ? name : "", at === 0 ? body : ""].filter((part) => part !== "");
    yield drafted(kind, placeholder(kind, words.join("\n")));
  }
}

/** The `Name: value` lines until an empty one, and the lines behind that. */
function readFields(lines: readonly string[]): { fields: Map<string, string[]>; rest: string[] } {
  const fields = new Map<string, string[]>();
  let at = 0;
  for (; at < lines.length && lines[at] !== ""; at += 1) {
    const [, name = "", value = ""] = /^(\w+): (.*)$/.exec(lines[at]!) ?? [];
    fields.set(name, [...(fields.get(name) ?? []), value]);
  }
  return { fields, rest: lines.slice(at + 1) };
}

/** The lines of the newest version of a message that was edited. */
function newestVersion(lines: readonly string[]): string[] | undefined {
  if (!/^\| Version: \d+$/.test(lines[0] ?? "")) return undefined;
  const versions: { number: number; lines: string[] }[] = [];
  for (const line of lines) {
    const text = line.replace(/^\| ?/, "");
    const number = /^\| Version: (\d+)$/.exec(line)?.[1];
    if (number !== undefined) versions.push({ number: Number(number), lines: [] });
    else versions.at(-1)!.lines.push(text);
  }
  return versions.reduce((newest, version) => (version.number > newest.number ? version : newest)).lines;
}

/** What a message answers, and its own words. Words may begin with `>` too, but not with these fields. */
function readQuote(lines: readonly string[]): { quoted: string; body: string } {
  if (!lines[0]?.startsWith("> From: ") || !lines[1]?.startsWith("> Sent: "))
    return { quoted: "", body: lines.join("\n").trim() };
  let end = lines.findIndex((line) => !line.startsWith(">"));
  if (end === -1) end = lines.length;
  const quote = lines.slice(0, end);
  const blank = quote.findIndex((line) => line.trim() === ">");
  const quoted = blank === -1 ? [] : quote.slice(blank + 1).map((line) => line.replace(/^> ?/, ""));
  return { quoted: quoted.join("\n").trim(), body: lines.slice(end).join("\n").trim() };
}

/** `IMG.jpg (image/jpeg, 12345 bytes)`, `no filename (audio/aac, 100 bytes)`. */
function attachment(value: string): { kind: MediaKind; name: string } {
  const [, name = value, type = ""] = /^(.*) \(([^(),]*)(?:, \d+ bytes)?\)$/.exec(value) ?? [];
  const real = name === "no filename" ? "" : name;
  return { kind: fileKind(type, real), name: real };
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Unix seconds of `Mon, 2 Jan 2006 15:04:05 -0700`. */
function mailTime(text: string): number | null {
  const found = /^\w{3}, (\d{1,2}) (\w{3}) (\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/.exec(text);
  if (!found) return null;
  const [, day, month = "", year, hour, minute, second, sign, zoneHours, zoneMinutes] = found;
  if (!MONTHS.includes(month)) return null;
  const date = [Number(year), MONTHS.indexOf(month), Number(day)] as const;
  const clock = Date.UTC(...date, Number(hour), Number(minute), Number(second)) / 1000;
  const ahead = Number(zoneHours) * 3600 + Number(zoneMinutes) * 60;
  return clock - (sign === "-" ? -ahead : ahead);
}
