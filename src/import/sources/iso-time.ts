import type { LocalTime } from "../local-time.js";

const ISO = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * Unix seconds of a date and time such as `2024-05-01T16:00:00+02:00`, fractions cut off; one without a zone is local.
 *
 * @returns null if it is none, or there is no such time
 * @source ISO 8601, extended format
 */
export function isoTime(text: string, localTime: LocalTime): number | null {
  const match = ISO.exec(text);
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const zone = match[7];
  if (zone === undefined) return localTime({ year, month, day, hour, minute, second });
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(asUtc);
  const real = date.getUTCMonth() === month - 1 && hour < 24 && minute < 60 && second < 60;
  if (!real) return null;
  if (zone === "Z") return asUtc / 1000;
  const ahead = Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(-2)) * 60;
  return asUtc / 1000 - (zone.startsWith("-") ? -ahead : ahead);
}
