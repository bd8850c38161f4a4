import { readLines } from "../../reading/lines.js";
import type { ChatFile } from "../source.js";
import { authorOfPhrase, withoutMarks } from "./whatsapp-body.js";
import { type DateOrder, DateOrders } from "./whatsapp-dates.js";
import { type Header, parseHeader } from "./whatsapp-header.js";

/** What has to be known of a whole file before its first message can be read. */
export type Survey = {
  /** The layout of its headers; undefined if it has none. */
  layout: string | undefined;
  order: DateOrder;
  /** Whether the dates themselves decide their order. */
  orderIsSure: boolean;
  /** Who wrote something; on iOS the chat itself is the author of notices, which do not count. */
  senders: ReadonlySet<string>;
  /** The author of the first notice of iOS, which is the chat; empty if there is none. */
  noticeAuthor: string;
  /** Who took messages back as "you", on iOS. */
  takers: ReadonlySet<string>;
  /** Lines that look like headers of another layout and belong to messages. */
  otherHeaders: number;
};

type OfLayout = {
  headers: number;
  dates: DateOrders;
  senders: Set<string>;
  takers: Set<string>;
  noticeAuthor: string;
};

/** Reads a file once for what its lines only show together. */
export async function surveyWhatsapp(file: ChatFile, signal: AbortSignal | undefined): Promise<Survey> {
  const layouts = new Map<string, OfLayout>();
  for await (const line of readLines(file)) {
    if (line.kind !== "line") continue;
    const header = parseHeader(line.text);
    if (!header) continue;
    signal?.throwIfAborted();
    const known = layouts.get(header.layout) ?? newLayout();
    layouts.set(header.layout, known);
    add(known, header);
  }
  const [[layout, best] = [undefined, newLayout()], ...others] = [...layouts].sort(
    ([, a], [, b]) => b.headers - a.headers,
  );
  const { order, sure } = best.dates.decide();
  return {
    layout,
    order,
    orderIsSure: sure,
    senders: best.senders,
    noticeAuthor: best.noticeAuthor,
    takers: best.takers,
    otherHeaders: others.reduce((sum, [, { headers }]) => sum + headers, 0),
  };
}

function newLayout(): OfLayout {
  return { headers: 0, dates: new DateOrders(), senders: new Set(), takers: new Set(), noticeAuthor: "" };
}

function add(layout: OfLayout, header: Header): void {
  layout.headers += 1;
  layout.dates.add(header);
  const said = splitSender(header.rest);
  if (!said) return;
  if (!header.bracketed || !said.body.startsWith("\u200e")) {
    layout.senders.add(said.sender);
    return;
  }
  const author = authorOfPhrase(said.body);
  if (author === "owner") layout.takers.add(said.sender);
  else if (author === "chat" && layout.noticeAuthor === "") layout.noticeAuthor = said.sender;
}

/** WhatsApp allows 100 characters in a group's name. */
const LONGEST_NAME = 120;

/**
 * Who wrote a message and its first line; undefined for a notice of Android, which has no author.
 *
 * A notice may hold a colon in the name of a group, which stands between quotation marks.
 */
export function splitSender(rest: string): { sender: string; body: string } | undefined {
  const colon = rest.indexOf(": ");
  const end = colon >= 0 ? colon : rest.endsWith(":") ? rest.length - 1 : -1;
  if (end <= 0 || end > LONGEST_NAME) return undefined;
  const name = rest.slice(0, end);
  if (isOpenQuote(name)) return undefined;
  const sender = /^[\x21-\x7d]+$/.test(name) ? name : plainName(name);
  return sender === "" ? undefined : { sender, body: rest.slice(end + 2) };
}

/** Somebody who is not in the address book has a tilde before the name. */
function plainName(name: string): string {
  return withoutMarks(name).trim().replace(/^~\s*/, "").normalize("NFC");
}

function isOpenQuote(name: string): boolean {
  if (!/["“„«「]/.test(name)) return false;
  const count = (mark: string) => name.split(mark).length - 1;
  if (count('"') % 2 === 1 || count("«") > count("»") || count("「") > count("」")) return true;
  // English closes with the mark that opens in German.
  return count("„") > 0 ? count("„") > count("“") : count("“") > count("”");
}
