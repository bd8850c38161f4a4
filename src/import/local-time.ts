/** Calendar time without a zone; months and days from 1. */
export type CalendarTime = {
  year: number;
  month: number;
  day: number;
  hour?: number;
  minute?: number;
  second?: number;
};

/** Unix seconds of a calendar time, or null if there is no such day or time. */
export type LocalTime = (time: CalendarTime) => number | null;

/**
 * Reads calendar times in a zone.
 *
 * Where clocks are put back, an hour comes twice: the first is meant. Where they are put forward, the hour that
 * does not exist is read as if they had not been.
 *
 * @param zone an IANA name such as `Asia/Shanghai`; empty for this machine's own
 * @throws {RangeError} there is no such zone
 */
export function localTimeIn(zone: string): LocalTime {
  const offsetAt = zone === "" ? machineOffset : zoneOffset(zone);
  return ({ year, month, day, hour = 0, minute = 0, second = 0 }) => {
    const asUtc = Date.UTC(year, month - 1, day, hour, minute, second);
    const date = new Date(asUtc);
    const real =
      date.getUTCFullYear() === year &&
      date.getUTCMonth() === month - 1 &&
      date.getUTCDate() === day &&
      hour < 24 &&
      minute < 60 &&
      second < 60;
    if (!real) return null;
    // The offset before the time decides: of two hours with one name that is the first.
    const before = offsetAt(asUtc - DAY_MS);
    const first = asUtc - before;
    if (offsetAt(first) === before) return first / 1000;
    const other = asUtc - offsetAt(asUtc);
    return (offsetAt(other) === asUtc - other ? other : first) / 1000;
  };
}

const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000;

/** Milliseconds that this machine's clock is ahead of UTC at a moment. */
function machineOffset(moment: number): number {
  return -60_000 * new Date(moment).getTimezoneOffset();
}

/** The same of a zone; asked once a quarter of an hour, within which no zone changes. */
function zoneOffset(zone: string): (moment: number) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const known = new Map<number, number>();
  return (moment) => {
    const quarter = Math.floor(moment / QUARTER_MS);
    let offset = known.get(quarter);
    if (offset === undefined) {
      const parts = Object.fromEntries(
        format.formatToParts(quarter * QUARTER_MS).map(({ type, value }) => [type, Number(value)]),
      ) as Record<string, number>;
      const wall = Date.UTC(
        parts["year"]!,
        parts["month"]! - 1,
        parts["day"],
        parts["hour"],
        parts["minute"],
        parts["second"],
      );
      offset = wall - quarter * QUARTER_MS;
      known.set(quarter, offset);
    }
    return offset;
  };
}
