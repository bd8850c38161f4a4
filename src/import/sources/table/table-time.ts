import type { LocalTime } from "../../local-time.js";
import { clockHour } from "../clock-hour.js";
import { isoTime } from "../iso-time.js";

/** Whether `1/5/2024` is the 1st of May or the 5th of January. */
export type DayOrder = "day-first" | "month-first";

const EPOCH = /^(\d{9,19})(?:\.\d{1,9})?$/;
const MARK = "(上午|下午|凌晨|清晨|早上|早晨|中午|晚上|午前|午後|오전|오후|[AaPp]\\.?\\s?[Mm]\\.?)";
const CLOCK = `(?:[T,\\s]+${MARK}?\\s?(\\d{1,2})[:时時](\\d{2})(?:[:分](\\d{2})秒?)?(?:\\.\\d+)?\\s?${MARK}?)?`;
const YEAR_FIRST = new RegExp(`^(\\d{4})[-/.年]\\s?(\\d{1,2})[-/.月]\\s?(\\d{1,2})[日.]?${CLOCK}$`);
const YEAR_LAST = new RegExp(`^(\\d{1,2})[-/.](\\d{1,2})[-/.](\\d{4}|\\d{2})${CLOCK}$`);
const NAMED = new RegExp(
  `^(?:[A-Z][a-z]+,? )?(?:(\\d{1,2})\\.? ([A-Za-z]{3})[a-z]*\\.?,? |([A-Z][a-z]{2})[a-z]*\\.? (\\d{1,2}),? )(\\d{4})${CLOCK}$`,
);
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/**
 * Unix seconds of a time as tables hold it: seconds, milli-, micro- or nanoseconds since 1970; ISO 8601; a date with
 * the year first or last or a month by its English name, and a clock of 24 or 12 hours.
 *
 * @returns null if it is none of these, or there is no such time
 */
export function tableTime(text: string, order: DayOrder, localTime: LocalTime): number | null {
  const value = text.trim().replace(/[\u00a0\u202f]/g, " ");
  const epoch = EPOCH.exec(value)?.[1];
  if (epoch) return epochSeconds(epoch);
  const iso = isoTime(value, localTime);
  if (iso !== null) return iso;
  const first = YEAR_FIRST.exec(value);
  if (first) return dated(first, [first[1], first[2], first[3]], 4, localTime);
  const last = YEAR_LAST.exec(value);
  if (last) {
    const [, a, b, year] = last;
    const full = year!.length === 2 ? `20${year}` : year;
    return dated(last, order === "day-first" ? [full, b, a] : [full, a, b], 4, localTime);
  }
  const named = NAMED.exec(value);
  if (!named) return null;
  const month = MONTHS.indexOf((named[2] ?? named[3])!.toLowerCase()) + 1;
  return dated(named, [named[5], String(month), named[1] ?? named[4]], 6, localTime);
}

/** What a date with the year last says about the order of day and month; undefined if nothing. */
export function dayOrderOf(text: string): DayOrder | undefined {
  const found = YEAR_LAST.exec(text.trim());
  if (!found) return undefined;
  if (Number(found[1]) > 12) return "day-first";
  return Number(found[2]) > 12 ? "month-first" : undefined;
}

/** Whether only other rows can tell which of a date's numbers is the month. */
export function hasYearLast(text: string): boolean {
  return YEAR_LAST.test(text.trim());
}

function dated(
  found: RegExpExecArray,
  [year, month, day]: [string | undefined, string | undefined, string | undefined],
  clock: number,
  localTime: LocalTime,
): number | null {
  const mark = (found[clock] ?? found[clock + 4] ?? "").replaceAll(" ", "");
  const hour = clockHour(Number(found[clock + 1] ?? 0), mark);
  if (hour === null) return null;
  const [minute, second] = [Number(found[clock + 2] ?? 0), Number(found[clock + 3] ?? 0)] as const;
  return localTime({ year: Number(year), month: Number(month), day: Number(day), hour, minute, second });
}

/** Seconds up to the year 5138; then milli-, micro- and nanoseconds by three digits each. */
function epochSeconds(digits: string): number {
  const thousands = digits.length <= 11 ? 0 : digits.length <= 14 ? 1 : digits.length <= 17 ? 2 : 3;
  return Number(digits.slice(0, digits.length - 3 * thousands));
}
