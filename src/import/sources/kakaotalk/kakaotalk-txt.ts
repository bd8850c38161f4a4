import { placeholder } from "../../kinds.js";
import type { CalendarTime } from "../../local-time.js";
import { GrowingChat } from "../growing-chat.js";
import { readByLine } from "../read-by-line.js";
import { kakaoDay, type KakaoHead, phoneHead, windowsHead } from "./kakaotalk-heads.js";
import { isKakaoNotice, kakaoParts, kakaoTitle } from "./kakaotalk-types.js";
import type { ChatFile, Conversation, Draft, Found, Head, ReadContext, Source } from "../source.js";

/**
 * KakaoTalk's text as phones and Windows write it, in Korean or English, minute by minute: `2024. 5. 1. 16:00, 민수 : …`,
 * `2024년 5월 1일 오후 4:00, 민수 : …`, or `[민수] [오후 4:00] …` below day lines.
 */
export const kakaotalkTxt: Source = {
  id: "kakaotalk-txt",
  label: "KakaoTalk's text",
  platform: "kakaotalk",
  rank: 2,
  sniff,
  read,
};

const SAVED = /^(?:저장한 날짜|Date Saved|Saved Date) ?: /i;

function sniff({ text }: Head): number {
  const lines = text.split(/\r\n|\n|\r/, 200);
  const titled =
    kakaoTitle(lines[0] ?? "") !== undefined || lines.slice(0, 4).some((line) => SAVED.test(line));
  const phone = lines.some((line) => (phoneHead(line)?.sender ?? "") !== "");
  const day = lines.findIndex((line) => line.startsWith("-----") && kakaoDay(line) !== undefined);
  const windows = day !== -1 && lines.slice(day).some((line) => windowsHead(line) !== undefined);
  if (phone || windows) return titled ? 0.97 : 0.85;
  return titled && lines.some((line) => kakaoDay(line) !== undefined) ? 0.6 : 0;
}

function read(file: ChatFile, context: ReadContext): AsyncIterable<Found> {
  return readByLine(file, new Reading(file, context), context.run);
}

class Reading {
  #context: ReadContext;
  #fileName: string;
  #title: ReturnType<typeof kakaoTitle>;
  #chat: GrowingChat | undefined;
  #day: CalendarTime | undefined;
  #block: { head: KakaoHead; at: number; lines: string[] } | undefined;
  #senders = new Set<string>();

  constructor(file: ChatFile, context: ReadContext) {
    this.#context = context;
    this.#fileName = file.name;
  }

  *line(text: string, number: number): Iterable<Found> {
    if (number <= 2 && !this.#block) this.#title ??= kakaoTitle(text);
    const day = kakaoDay(text);
    const head = day ? undefined : text.startsWith("[") ? windowsHead(text) : phoneHead(text);
    if (day && (text.startsWith("-") || this.#block?.head.dated !== false)) {
      yield* this.#close();
      this.#day = day;
    } else if (head && (head.dated || this.#day)) {
      yield* this.#close();
      // A time without anything behind it parts the messages of a day.
      if (head.sender !== "" || head.text !== "") this.#block = { head, at: number, lines: [head.text] };
    } else if (isKakaoNotice(text)) {
      const last = this.#block?.head.time;
      yield* this.#close();
      // Below a day line the program's own words have no time; that of the message before is the nearest.
      const time = last ?? this.#day;
      if (time) yield* this.#notice(text, number, time);
    } else if (this.#block) this.#block.lines.push(text);
    else if (text.trim() !== "" && this.#day)
      yield { kind: "problem", place: `line ${number}`, what: "belongs to no message" };
  }

  *end(): Iterable<Found> {
    yield* this.#close();
    if (!this.#title || this.#title.group) return;
    // Of a chat of two the title names the other one.
    const others = [...this.#senders].filter((sender) => sender !== this.#title!.name);
    if (others.length === 1 && this.#senders.size <= 2) yield { kind: "owner", sender: others[0]! };
  }

  *#close(): Iterable<Found> {
    const block = this.#block;
    this.#block = undefined;
    if (!block) return;
    const { head, at, lines } = block;
    const text = lines.join("\n").trim();
    const time = this.#time(head.time);
    if (time === null) yield { kind: "problem", place: `line ${at}`, what: "no such date" };
    else if (head.sender === "" || isKakaoNotice(text)) yield this.#program(text, time);
    else if (text !== "") {
      this.#senders.add(head.sender);
      const { sender } = head;
      const owner = this.#title?.group === false && sender === this.#title.name ? false : null;
      const conversation = this.#with(sender);
      for (const { kind, text: words } of kakaoParts(text)) {
        const message: Draft = {
          conversation,
          session: null,
          sender,
          owner,
          time,
          kind,
          text: words,
          originalType: null,
        };
        yield { kind: "message", message };
      }
    }
  }

  /** Unix seconds of a time; below day lines it has no date of its own. */
  #time({ year, month, day, hour = 0, minute = 0 }: CalendarTime): number | null {
    const date = year === 0 && this.#day ? this.#day : { year, month, day };
    return this.#context.localTime({
      year: date.year,
      month: date.month,
      day: date.day,
      hour,
      minute,
    });
  }

  *#notice(text: string, at: number, when: CalendarTime): Iterable<Found> {
    const time = this.#time(when);
    if (time === null) yield { kind: "problem", place: `line ${at}`, what: "no such date" };
    else yield this.#program(text, time);
  }

  /** What the program itself says. */
  #program(text: string, time: number): Found {
    const base: Draft = {
      conversation: this.#with(""),
      session: null,
      sender: "",
      owner: false,
      time,
      kind: "system",
      text: placeholder("system", text),
      originalType: null,
    };
    return { kind: "message", message: base };
  }

  #with(sender: string): Conversation {
    const named = this.#context.named.name || this.#fileName.replace(/\.txt$/i, "");
    this.#chat ??= new GrowingChat(this.#title?.name ?? named, this.#title?.group || undefined);
    return this.#chat.with(sender);
  }
}
