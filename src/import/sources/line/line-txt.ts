import { type Kind, placeholder } from "../../kinds.js";
import type { CalendarTime } from "../../local-time.js";
import { GrowingChat } from "../growing-chat.js";
import { readByLine } from "../read-by-line.js";
import { lineDay, type LineHead, lineHead, type LineTitle, lineTitle } from "./line-heads.js";
import { lineContent, unsentBy } from "./line-placeholders.js";
import type { ChatFile, Conversation, Draft, Found, Head, ReadContext, Source } from "../source.js";

/**
 * LINE's text: a title, day lines, and messages as time, sender and words, minute by minute, divided by tabs or (newer
 * desktop versions) by spaces. Words of several lines are in quotation marks.
 */
export const lineTxt: Source = {
  id: "line-txt",
  label: "LINE's text",
  platform: "line",
  rank: 2,
  sniff,
  read,
};

function sniff({ text }: Head): number {
  const lines = text.split(/\r\n|\n|\r/, 200);
  const titled = lineTitle(lines[0] ?? "") !== undefined;
  const day = lines.findIndex((line) => lineDay(line) !== undefined);
  const head = lines
    .slice(day + 1)
    .map(lineHead)
    .find((found) => found !== undefined);
  if (titled) return 0.97;
  // Without a title only the shape of the lines tells: a day alone on its line is rare, tabs even more so.
  if (day === -1 || day > 5 || !head) return 0;
  return head.tabs ? 0.8 : 0.5;
}

function read(file: ChatFile, context: ReadContext): AsyncIterable<Found> {
  return readByLine(file, new Reading(file, context), context.run);
}

/** A message while its lines are read. */
type Block = { head: LineHead; at: number; sender: string; lines: string[] };

class Reading {
  #context: ReadContext;
  #fileName: string;
  #title: LineTitle | undefined;
  #chat: GrowingChat | undefined;
  #day: CalendarTime | undefined;
  #block: Block | undefined;
  #afterBlank = true;
  #undated = 0;
  #senders = new Set<string>();

  constructor(file: ChatFile, context: ReadContext) {
    this.#context = context;
    this.#fileName = file.name;
  }

  *line(text: string, number: number): Iterable<Found> {
    if (number === 1) {
      this.#title = lineTitle(text);
      if (this.#title) return;
    }
    const open = this.#openQuote();
    const head = lineHead(text);
    const day = lineDay(text);
    // What looks like a day or a message may be part of words in quotation marks.
    if (day && !(open && this.#block!.head.tabs && !this.#afterBlank)) {
      yield* this.#close();
      this.#day = day;
    } else if (head && !(open && !head.tabs && !this.#knownSender(head.columns[0]!))) {
      yield* this.#close();
      this.#block = this.#begin(head, number);
    } else if (this.#block) this.#block.lines.push(text);
    else if (text.trim() !== "" && this.#day)
      yield { kind: "problem", place: `line ${number}`, what: "belongs to no message" };
    this.#afterBlank = text.trim() === "";
  }

  *end(): Iterable<Found> {
    yield* this.#close();
    if (this.#undated > 0)
      yield { kind: "note", what: `${this.#undated} messages come before any day, so their time is unknown` };
    const owner = this.#owner();
    if (owner !== undefined) yield { kind: "owner", sender: owner };
  }

  /** Of a chat of two the title names the other one. */
  #owner(): string | undefined {
    if (!this.#title || this.#title.group) return undefined;
    const others = [...this.#senders].filter((sender) => sender !== this.#title!.name);
    return others.length === 1 ? others[0] : undefined;
  }

  #begin(head: LineHead, at: number): Block {
    if (head.tabs) {
      const [first = "", ...rest] = head.columns;
      // One column is what the program says, and so is an empty sender.
      return rest.length === 0
        ? { head, at, sender: "", lines: [first] }
        : { head, at, sender: first, lines: [rest.join("\t")] };
    }
    const words = head.columns[0]!;
    const sender = unsentBy(words) ? "" : (this.#knownSender(words) ?? words.split(" ", 1)[0]!);
    return { head, at, sender, lines: [words.slice(sender.length).trimStart()] };
  }

  /** The sender that a line divided by spaces begins with, if they are known: names may have spaces too. */
  #knownSender(words: string): string | undefined {
    const names = [this.#title?.group === false ? this.#title.name : "", ...this.#senders];
    return names
      .filter((name) => name !== "" && words.startsWith(`${name} `))
      .reduce<string | undefined>(
        (longest, name) => (name.length > (longest?.length ?? 0) ? name : longest),
        undefined,
      );
  }

  #openQuote(): boolean {
    const lines = this.#block?.lines;
    if (!lines?.[0]?.startsWith('"')) return false;
    const last = lines.at(-1)!;
    return lines.length === 1 ? last === '"' || !last.endsWith('"') : !last.endsWith('"');
  }

  *#close(): Iterable<Found> {
    const block = this.#block;
    this.#block = undefined;
    if (!block) return;
    const { head, at, sender } = block;
    const text = unquoted(block.lines);
    const time = this.#time(head);
    if (this.#day && time === null) {
      yield { kind: "problem", place: `line ${at}`, what: "no such date" };
      return;
    }
    if (text === "" && sender === "") return;
    if (!this.#day) this.#undated += 1;
    yield { kind: "message", message: this.#draft(sender, text, time) };
  }

  #draft(sender: string, text: string, time: number | null): Draft {
    const unsent = sender === "" ? unsentBy(text) : undefined;
    if (unsent) {
      const owner = unsent.own ? true : null;
      return this.#written(unsent.name, owner, time, "recalled", placeholder("recalled"));
    }
    if (sender === "") return this.#written("", false, time, "system", placeholder("system", text));
    this.#senders.add(sender);
    const owner = this.#title?.group === false && sender === this.#title.name ? false : null;
    const content = lineContent(text);
    return this.#written(sender, owner, time, content.kind, content.text);
  }

  #written(sender: string, owner: boolean | null, time: number | null, kind: Kind, text: string): Draft {
    const conversation = this.#with(sender);
    return { conversation, session: null, sender, owner, time, kind, text, originalType: null };
  }

  #time({ hour, minute }: LineHead): number | null {
    if (!this.#day) return null;
    const { year, month, day } = this.#day;
    return this.#context.localTime({ year, month, day, hour, minute });
  }

  #with(sender: string): Conversation {
    const named = this.#context.named.name || this.#fileName.replace(/\.txt$/i, "");
    this.#chat ??= new GrowingChat(this.#title?.name ?? named.replace(/^\[LINE\] ?/, ""), this.#title?.group);
    return this.#chat.with(sender);
  }
}

/** Words of several lines without their quotation marks; one line is as it was typed. */
function unquoted(lines: readonly string[]): string {
  let end = lines.length;
  while (end > 1 && lines[end - 1]!.trim() === "") end -= 1;
  const text = lines.slice(0, end).join("\n");
  if (end === 1 || !text.startsWith('"') || !text.endsWith('"')) return text.trim();
  const inner = text.slice(1, -1);
  // Quotation marks within are doubled by versions that double any.
  return inner.replaceAll('""', "").includes('"') ? inner : inner.replaceAll('""', '"');
}
