import type { CalendarTime } from "../../local-time.js";
import { clockHour } from "../clock-hour.js";

/** What a file's first line says: whose chat it is, and whether it is a group's. */
export type LineTitle = { name: string; group: boolean };

const TITLES: readonly [RegExp, boolean][] = [
  [/^\[LINE\] Chat history with (.+)$/, false],
  [/^\[LINE\] Chat history in (.+)$/, true],
  [/^\[LINE\] (.+)とのトーク履歴$/, false],
  [/^\[LINE\] (.+)のトーク履歴$/, true],
  [/^\[LINE\] [与與](.+)的(?:聊天记录|聊天記錄|聊天紀錄|聊天)$/, false],
  [/^\[LINE\] (.+)的(?:聊天记录|聊天記錄|聊天紀錄|聊天)$/, true],
  [/^\[LINE\] (.+?) ?님과의 대화(?:내용)?$/, false],
  [/^\[LINE\] (.+?)(?:의)? 대화(?:내용)?$/, true],
  [/^\[LINE\] ประวัติการสนทนากับ ?(.+)$/, false],
];

/** Reads a file's first line. */
export function lineTitle(text: string): LineTitle | undefined {
  for (const [form, group] of TITLES) {
    const name = form.exec(text)?.[1]?.trim();
    if (name !== undefined) return { name, group };
  }
  return undefined;
}

type Day = Pick<CalendarTime, "year" | "month" | "day">;

const YEAR_FIRST =
  /^(\d{4})[/.](\d{1,2})[/.](\d{1,2})\s*(?:[(（][^()（）]{1,12}[)）]|(?:周|週|星期|礼拜|禮拜)[一二三四五六日天]|[A-Za-z]{3,9}|[月火水木金土日](?:曜日)?|[월화수목금토일]요일)$/;
const YEAR_LAST = /^(Sun|Mon|Tue|Wed|Thu|Fri|Sat)[a-z]*, (\d{1,2})\/(\d{1,2})\/(\d{4})$/;
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** Reads a day line. Where the year is last, the day of the week tells whether month or day comes first. */
export function lineDay(text: string): Day | undefined {
  const first = YEAR_FIRST.exec(text);
  if (first) return { year: Number(first[1]), month: Number(first[2]), day: Number(first[3]) };
  const last = YEAR_LAST.exec(text);
  if (!last) return undefined;
  const [a, b, year] = [Number(last[2]), Number(last[3]), Number(last[4])] as const;
  const fits = (month: number, day: number): boolean =>
    WEEKDAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()] === last[1];
  const dayFirst = b > 12 ? false : a > 12 || (!fits(a, b) && fits(b, a));
  return dayFirst ? { year, month: b, day: a } : { year, month: a, day: b };
}

/** A message's first line: when, and what is behind it: columns if there are tabs, else one text. */
export type LineHead = { hour: number; minute: number; columns: string[]; tabs: boolean };

const TIME =
  /^(上午|下午|午前|午後|오전|오후|凌晨|早上|中午|晚上)?\s?(\d{1,2}):(\d{2})\s?(AM|PM|am|pm|a\.m\.|p\.m\.)?(\t| (?=\S))/;

/** Reads a message's first line. */
export function lineHead(text: string): LineHead | undefined {
  const found = TIME.exec(text);
  if (!found) return undefined;
  const hour = clockHour(Number(found[2]), found[1] ?? found[4] ?? "");
  const minute = Number(found[3]);
  if (hour === null || minute > 59) return undefined;
  const tabs = found[5] === "\t";
  const rest = text.slice(found[0].length);
  return { hour, minute, columns: tabs ? rest.split("\t") : [rest], tabs };
}
