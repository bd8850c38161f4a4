import type { CalendarTime } from "../../local-time.js";
import { clockHour } from "../clock-hour.js";

/** A message's first line. The sender is empty where the program speaks, and so are the words of a bare time line. */
export type KakaoHead = { time: CalendarTime; dated: boolean; sender: string; text: string };

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const CLOCK =
  "(?:(오전|오후|AM|PM|am|pm) )?(\\d{1,2}):(\\d{2})(?:[\\s\\u202f\\u00a0]?(AM|PM|am|pm|[ap]\\.m\\.))?";
const DOTTED = new RegExp(`^(\\d{4})\\. ?(\\d{1,2})\\. ?(\\d{1,2})\\.? ${CLOCK}(?:([,:]) (.*))?$`, "s");
const KOREAN = new RegExp(`^(\\d{4})년 (\\d{1,2})월 (\\d{1,2})일 ${CLOCK}(?:([,:]) (.*))?$`, "s");
const ENGLISH = new RegExp(`^([A-Z][a-z]{2,8}) (\\d{1,2}), (\\d{4})(?:,| at) ${CLOCK}(?:([,:]) (.*))?$`, "s");
const BRACKETED = new RegExp(`^\\[(.{1,60}?)\\] \\[${CLOCK}\\] ?(.*)$`, "s");

/** Reads a message's first line as a phone writes it, with its date. */
export function phoneHead(line: string): KakaoHead | undefined {
  const numeric = DOTTED.exec(line) ?? KOREAN.exec(line);
  const english = numeric ? null : ENGLISH.exec(line);
  const found = numeric ?? english;
  if (!found) return undefined;
  const day = english
    ? { year: Number(found[3]), month: monthOf(found[1]!), day: Number(found[2]) }
    : { year: Number(found[1]), month: Number(found[2]), day: Number(found[3]) };
  const clock = clockOf(found, 4);
  if (!clock || day.month === 0) return undefined;
  const rest = found[9] ?? "";
  // A comma parts the time from a sender; behind a colon, or without ` : `, the program speaks.
  const colon = found[8] === "," ? rest.indexOf(" : ") : -1;
  const [sender, text] =
    colon > 0
      ? [rest.slice(0, colon), rest.slice(colon + 3)]
      : rest.endsWith(" :") && found[8] === ","
        ? [rest.slice(0, -2), ""]
        : ["", rest];
  return { time: { ...day, ...clock }, dated: true, sender, text };
}

/** Reads a message's first line as Windows writes it, below a day line. */
export function windowsHead(line: string): KakaoHead | undefined {
  const found = BRACKETED.exec(line);
  const clock = found && clockOf(found, 2);
  if (!clock) return undefined;
  const time = { year: 0, month: 0, day: 0, ...clock };
  return { time, dated: false, sender: found[1]!, text: found[6]! };
}

type Day = Pick<CalendarTime, "year" | "month" | "day">;

/** Reads a day line: `2024년 5월 1일 수요일`, `Wednesday, May 1, 2024`, with or without dashes around it. */
export function kakaoDay(line: string): Day | undefined {
  if (!/^[-\dA-Z]/.test(line)) return undefined;
  const text = line.replace(/^-+ /, "").replace(/ -+$/, "").trim();
  const korean = /^(\d{4})년 (\d{1,2})월 (\d{1,2})일 [월화수목금토일]요일$/.exec(text);
  if (korean) return { year: Number(korean[1]), month: Number(korean[2]), day: Number(korean[3]) };
  const english = /^[A-Z][a-z]+day, ([A-Z][a-z]{2,8}) (\d{1,2}), (\d{4})$/.exec(text);
  if (!english) return undefined;
  const month = monthOf(english[1]!);
  return month === 0 ? undefined : { year: Number(english[3]), month, day: Number(english[2]) };
}

function clockOf(found: RegExpExecArray, at: number): { hour: number; minute: number } | undefined {
  const hour = clockHour(Number(found[at + 1]), found[at] ?? found[at + 3] ?? "");
  const minute = Number(found[at + 2]);
  return hour === null || minute > 59 ? undefined : { hour, minute };
}

function monthOf(name: string): number {
  return MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
}
