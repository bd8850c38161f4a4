import type { LocalTime } from "../../local-time.js";
import { readLines } from "../../reading/lines.js";
import { qqName } from "./qq-name.js";
import { QqSection } from "./qq-section.js";
import type { ChatFile, Found, Head, ReadContext, Source } from "../source.js";

const HEAD = /^(\d{4})-(\d{1,2})-(\d{1,2}) (?:(上午|下午) ?)?(\d{1,2}):(\d{2}):(\d{2})(?: ([AP]M))? (.+)$/;
const RULE = /^={20,}\s*$/;
const TITLE = /^消息记录（此消息记录为文本格式/;

/**
 * The text file of the old message manager of QQ: sections of `消息分组` and `消息对象`, each a chat.
 *
 * The owner is marked by nothing but a nickname, which changes over the years.
 *
 * @source hellodigua/ChatLab, electron/main/parser/formats/qq-native-txt.ts
 */
export const qqTxt: Source = {
  id: "qq-txt",
  label: "QQ's own text",
  platform: "qq",
  rank: 3,
  sniff,
  read,
};

function sniff({ text }: Head): number {
  if (TITLE.test(text.trimStart())) return 0.95;
  return /^消息对象:/m.test(text) && /^\d{4}-\d\d?-\d\d? .{0,3}\d?\d:\d\d:\d\d /m.test(text) ? 0.7 : 0;
}

async function* read(file: ChatFile, { named, localTime, run }: ReadContext): AsyncIterable<Found> {
  let category = "";
  let section = new QqSection(category, named.name);
  let message: { head: RegExpExecArray; place: string; lines: string[] } | undefined;
  let rule: string | undefined;
  function* close(): Iterable<Found> {
    if (!message) return;
    const { head, place, lines } = message;
    message = undefined;
    const from = qqName(head[9]!.trim());
    const words = lines.join("\n").trim();
    yield* section.add({ from, time: timeOf(head, localTime), place, words, own: null });
  }
  for await (const line of readLines(file)) {
    run.signal?.throwIfAborted();
    if (line.kind !== "line") {
      yield line;
      continue;
    }
    const { text, number } = line;
    const head = startsWithDigit(text) ? HEAD.exec(text) : null;
    if (head) {
      yield* close();
      message = { head, place: `line ${number}`, lines: [] };
    } else if (RULE.test(text)) {
      // Part of the words, unless a section begins behind it.
      if (message && rule !== undefined) message.lines.push(rule);
      rule = text;
      continue;
    } else if ((rule !== undefined || !message) && /^消息(?:分组|对象):/.test(text)) {
      yield* close();
      yield* section.end();
      if (text.startsWith("消息分组:")) category = text.slice(5).trim();
      section = new QqSection(category, text.startsWith("消息对象:") ? text.slice(5).trim() : named.name);
    } else if (message) {
      if (rule !== undefined) message.lines.push(rule);
      message.lines.push(text);
    }
    rule = undefined;
  }
  yield* close();
  yield* section.end();
}

function startsWithDigit(text: string): boolean {
  const first = text.charCodeAt(0);
  return first >= 0x30 && first <= 0x39;
}

/** The clock of the machine that exported: 24 hours, or 12 with a mark before or behind. */
function timeOf(head: RegExpExecArray, localTime: LocalTime): number | null {
  const [year, month, day] = head.slice(1, 4).map(Number) as [number, number, number];
  const [minute, second] = head.slice(6, 8).map(Number) as [number, number];
  const mark = head[4] ?? head[8];
  const written = Number(head[5]);
  const half = mark === "下午" || mark === "PM" ? 12 : 0;
  const hour = mark !== undefined && written <= 12 ? (written % 12) + half : written;
  return localTime({ year, month, day, hour, minute, second });
}
