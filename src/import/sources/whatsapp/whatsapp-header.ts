import { clockHour } from "../clock-hour.js";

/** The start of a message in WhatsApp's text: when, by whom, and the first line of what. */
export type Header = {
  /** How the line is laid out; all true headers of a file are alike in it. */
  layout: string;
  /** Between brackets, as iOS writes it; Android has a dash. */
  bracketed: boolean;
  /** The three numbers of the date in the order of the file, and how many digits each has. */
  date: [number, number, number];
  digits: [number, number, number];
  hour: number;
  minute: number;
  second: number;
  /** The mark of the half of the day, if there is one. */
  half: string;
  /** What follows the date and time. */
  rest: string;
};

const INVISIBLE = /[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
const MAY_START = /^[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]*(?:\[|\p{Nd})/u;
const IS_PLAIN = /^[\x21-\x7e][\x20-\x7e]*$/;
const LONGEST_STAMP = 60;

/** Before the time, in Chinese, Japanese, Korean and Turkish; the rest are the finer Chinese ones. */
const BEFORE = "上午|下午|午前|午後|오전|오후|ÖÖ|ÖS|凌晨|清晨|早上|中午|晚上";
const AFTER = "[\\p{L}.]{1,4}(?:\\s[\\p{L}.]{1,3})?";
const AFTER_DATE = "\\.?(?:\\s?г\\.?)?[,،]?(?:\\s(?:klo|kl\\.?|às|à|um|at))?";
const STAMP = new RegExp(
  `^(\\d{1,4})([-/.])\\s?(\\d{1,2})\\2\\s?(\\d{1,4})${AFTER_DATE}(?:\\s+|(?=${BEFORE}))(?:(${BEFORE})\\s?)?` +
    `(\\d{1,2})[:.](\\d{2})(?:[:.](\\d{2}))?(?:\\s?(${AFTER}))?$`,
  "u",
);

/**
 * Reads the start of a line as `[14/03/25, 1:55:00 PM] Ana: hi` or `14/03/2025, 13:55 - Ana: hi`, in the dates and
 * half days of every locale that is known.
 *
 * @returns undefined if the line is none, and so goes on with the message before it
 */
export function parseHeader(line: string): Header | undefined {
  if (!MAY_START.test(line)) return undefined;
  const open = line.indexOf("[");
  const bracketed = open >= 0 && line.slice(0, open).replace(INVISIBLE, "") === "";
  const end = bracketed ? line.indexOf("]", open) : endOfDashed(line);
  if (end < 0 || end - open > LONGEST_STAMP) return undefined;
  const stamp = line.slice(bracketed ? open + 1 : 0, end);
  const match = STAMP.exec(IS_PLAIN.test(stamp) ? stamp : westernDigits(stamp.replace(INVISIBLE, "")).trim());
  if (!match) return undefined;
  const [, first = "", separator, second = "", third = "", before, hours, minutes, seconds, after] = match;
  const half = (before ?? after ?? "").replace(/[.\s]/g, "").toLowerCase();
  const hour = clockHour(Number(hours), half);
  if (hour === null) return undefined;
  const lengths: Header["digits"] = [first.length, second.length, third.length];
  const halfPlace = before ? "b" : after ? "a" : "";
  const layout = `${bracketed ? "[" : "-"}${separator}${lengths[0] > 2 ? 4 : 2}${lengths[2] > 2 ? 4 : 2}${
    seconds === undefined ? "" : "s"
  }${halfPlace}`;
  const rest = line.slice(end + (bracketed ? 1 : 2)).replace(/^\s/, "");
  return {
    layout,
    bracketed,
    date: [Number(first), Number(second), Number(third)],
    digits: lengths,
    hour,
    minute: Number(minutes),
    second: Number(seconds ?? 0),
    half: before ?? after ?? "",
    rest,
  };
}

/** Where ` - ` is that ends Android's date and time. */
function endOfDashed(line: string): number {
  const hyphen = line.indexOf(" - ");
  return hyphen >= 0 ? hyphen : line.indexOf(" – ");
}

/** Arabic, Persian and Indian digits as 0 to 9. */
function westernDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]/g, (digit) =>
    String((digit.charCodeAt(0) - (digit < "\u06f0" ? 0x660 : digit < "\u0966" ? 0x6f0 : 0x966)) % 10),
  );
}
