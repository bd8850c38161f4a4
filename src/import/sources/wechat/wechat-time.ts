import type { LocalTime } from "../../local-time.js";
import { isoTime } from "../iso-time.js";

const TIME =
  /^\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[T ]\s*(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d{1,9})?)?\s*(Z|[+-]\d\d:?\d\d)?\s*$/;

/**
 * Unix seconds of `2024-05-01 16:00:00` in the export's zone, also as Excel leaves it (`2024/5/1 16:00`) and with a
 * zone of its own (`2024-05-01T08:00:00.000Z`).
 *
 * @returns null if it is no such time, or there is no such day
 */
export function readTime(text: string, localTime: LocalTime): number | null {
  const found = TIME.exec(text);
  if (!found) return null;
  if (found[7] !== undefined) return isoTime(text.trim(), localTime);
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((digits) => Number(digits ?? 0));
  return localTime({ year: year!, month: month!, day: day!, hour: hour!, minute: minute!, second: second! });
}
