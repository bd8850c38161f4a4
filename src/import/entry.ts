import type { Kind } from "./kinds.js";
import type { Speaker } from "./spool/segment.js";
import type { Draft, Source } from "./sources/source.js";

/** What messages of one file have in common. */
export type Origin = {
  segment: number;
  source: Source;
  /** Whether all its times are whole minutes. */
  coarse: boolean;
  /** The latest time in it. */
  until: number;
};

/** What few messages have. */
export type Extras = Pick<Draft, "replyTo" | "quoted" | "mentions" | "forwarded" | "bot">;

/**
 * A spooled message with everything that was found out about it. Texts stay the JSON literals that they are written as,
 * for most of them are only passed on.
 */
export type Entry = {
  origin: Origin;
  by: Speaker;
  owner: boolean;
  /** Whole Unix seconds, or null. */
  time: number | null;
  kind: Kind;
  session: number | null;
  /** JSON literal, or empty. */
  platformId: string;
  /** JSON literal, or empty. */
  originalType: string;
  /** JSON literal. */
  text: string;
  extras: Extras | null;
};

/** The words of an entry. */
export function textOf({ text }: Pick<Entry, "text">): string {
  return JSON.parse(text) as string;
}

/** Words as they are compared: what looks the same is the same. */
export function normalise(text: string): string {
  return text.trim().normalize("NFC");
}
