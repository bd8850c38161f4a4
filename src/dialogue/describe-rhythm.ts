import type { Limit, Rhythm } from "./rhythm.js";

/** A limit in minutes, and how it was found. */
export type LimitReport = { minutes: number; found: Limit["found"] };

/** A contact's rhythm as `dialogue.json` holds it. */
export type RhythmReport = {
  contact: string;
  session: LimitReport;
  burst: LimitReport;
  /**
   * How many gaps between messages are 1 to √2 seconds long, √2 to 2, and so on up to the longest there is; and those
   * between own messages that follow one another.
   */
  gaps: number[];
  ownGaps: number[];
};

/** A rhythm in minutes and whole numbers. */
export function describeRhythm({ contact, session, burst, gaps, ownGaps }: Rhythm): RhythmReport {
  return {
    contact,
    session: inMinutes(session),
    burst: inMinutes(burst),
    gaps: whole(gaps),
    ownGaps: whole(ownGaps),
  };
}

function inMinutes({ seconds, found }: Limit): LimitReport {
  return { minutes: Math.round(seconds / 0.6) / 100, found };
}

function whole(counts: Float64Array): number[] {
  const rounded = Array.from(counts, Math.round);
  return rounded.slice(0, rounded.findLastIndex((count) => count > 0) + 1);
}
