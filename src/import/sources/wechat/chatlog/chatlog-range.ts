import type { LocalTime } from "../../../local-time.js";

/** What a file's name tells: `<talker>_<from>_<to>`. */
export type DateRange = { talker: string; from: Day; to: Day };

type Day = { year: number; month: number; day: number };

const DAY = /(?<!\d)(20\d\d)[-.]?(0[1-9]|1[0-2])[-.]?(0[1-9]|[12]\d|3[01])(?!\d)/g;

/** The chat and days of a saved answer, by the file's name; undefined if it holds no day. */
export function chatlogRange(fileName: string): DateRange | undefined {
  const found = [...fileName.matchAll(DAY)];
  const days = found.map(([, year, month, day]) => ({
    year: Number(year),
    month: Number(month),
    day: Number(day),
  }));
  const [from] = days;
  if (!from) return undefined;
  return { talker: fileName.slice(0, found[0]!.index).replace(/[_ -]+$/, ""), from, to: days.at(-1)! };
}

/**
 * Unix seconds of `2024-05-01 16:00:00`, `05-01 16:00:00` or `16:00:00`, completed from the range.
 *
 * @returns null if there is no such time, or no range that could complete it
 */
export function fullTime(written: string, range: DateRange | undefined, localTime: LocalTime): number | null {
  const found = /^(?:(?:(\d{4})-)?(\d\d)-(\d\d) )?(\d\d):(\d\d):(\d\d)$/.exec(written);
  if (!found) return null;
  const numbers = found.slice(1).map((digits) => (digits === undefined ? undefined : Number(digits)));
  const [year, month = range?.from.month, day = range?.from.day, hour, minute, second] = numbers;
  const inYear = year ?? (range && month !== undefined ? yearOf(month, range) : undefined);
  if (inYear === undefined || month === undefined || day === undefined) return null;
  return localTime({ year: inYear, month, day, hour: hour!, minute: minute!, second: second! });
}

/** A range over the turn of a year has the late months in the first, the early ones in the second. */
function yearOf(month: number, { from, to }: DateRange): number {
  return month >= from.month ? from.year : to.year;
}
