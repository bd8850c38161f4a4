import type { Effect } from "../comparison.js";
import type { Interval } from "../measures/bootstrap.js";
import type { Direction, Words } from "./words.js";

/** A share as people write it: `26%`, `0.4%`, `100%`. */
export function percent(share: number): string {
  const value = Math.abs(share) * 100;
  const digits = value > 0 && value < 9.95 && Math.abs(value - Math.round(value)) >= 0.05 ? 1 : 0;
  return `${(share * 100).toFixed(digits).replace("-", "−")}%`;
}

/** A change with its sign: `−26%`, `+1.2%`, `0%`. */
export function change(share: number): string {
  const text = percent(share).replace("−0%", "0%").replace("−0.0%", "0%");
  return share > 0 && text !== "0%" ? `+${text}` : text;
}

/** A length in whole characters. */
export function whole(value: number): string {
  return String(Math.round(value));
}

/** A number with up to this many digits behind the point. */
export function decimal(value: number, digits: number): string {
  return value.toFixed(digits);
}

/** Bytes as people read them. */
export function size(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit += 1) value /= 1000;
  return `${value.toFixed(value < 10 && unit > 0 ? 1 : 0)} ${units[unit]}`;
}

/** An interval in words; each end as `write` writes it. */
export function between(interval: Interval | null, write: (value: number) => string, words: Words): string {
  return interval ? words.between(write(interval[0]), write(interval[1])) : words.noInterval;
}

/** What can be said of an effect's direction: nothing while its interval holds 0, or without one. */
export function directionOf({ nllChange: { value, interval } }: Effect): Direction {
  if (!interval || (interval[0] <= 0 && interval[1] >= 0)) return "unclear";
  return value < 0 ? "less" : "more";
}

/** An effect as one sentence. */
export function readEffect(effect: Effect, kind: "tuning" | "rounding", words: Words): string {
  const direction = directionOf(effect);
  const { value, interval } = effect.nllChange;
  // "33% less" names the amount; what may be nothing keeps its sign.
  const amount = direction === "unclear" ? change(value) : percent(Math.abs(value));
  const ends: Interval | null = interval && direction === "less" ? [-interval[1], -interval[0]] : interval;
  const write = direction === "unclear" ? change : percent;
  return words.readings[kind](amount, direction, between(ends, write, words));
}
