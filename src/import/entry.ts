import type { Line } from "./spool/line.js";
import type { Speaker } from "./spool/segment.js";
import type { Source } from "./sources/source.js";

/** What messages of one file have in common. */
export type Origin = {
  segment: number;
  source: Source;
  /** Whether all its times are whole minutes. */
  coarse: boolean;
  /** The latest time in it. */
  until: number;
};

/** A spooled message with everything that was found out about it. */
export type Entry = Line & { origin: Origin; by: Speaker; owner: boolean };

/** The words of an entry. */
export function textOf({ text }: Pick<Entry, "text">): string {
  return JSON.parse(text) as string;
}

/** Words as they are compared: what looks the same is the same. */
export function normalise(text: string): string {
  return text.trim().normalize("NFC");
}
