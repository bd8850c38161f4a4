import { bars } from "./bars.js";
import type { LimitReport, RhythmReport } from "./describe-rhythm.js";
import { binOf } from "./gap-histogram.js";

const MARKS = [
  ["1s", 1],
  ["10s", 10],
  ["1m", 60],
  ["10m", 600],
  ["1h", 3600],
  ["6h", 21_600],
  ["1d", 86_400],
  ["1w", 604_800],
] as const;

const HOW: Record<LimitReport["found"], string> = {
  given: "as set",
  learnt: "learnt",
  clamped: "learnt, at the end of the range",
  "too-few": "too few gaps to learn from",
  "no-valley": "nothing to tell short gaps from long ones",
};

/**
 * Contacts' rhythms for the terminal: how often gaps of each length occur between messages and between own ones in a
 * row, on an axis of time that doubles every two characters, with a mark where the limits are.
 */
export function formatRhythms(rhythms: readonly RhythmReport[]): string {
  if (rhythms.length === 0) return "The chats have no times: dialogues are as the exporter cut them.";
  return rhythms.map(formatRhythm).join("\n\n");
}

function formatRhythm({ contact, session, burst, gaps, ownGaps }: RhythmReport): string {
  const total = gaps.reduce((sum, count) => sum + count, 0);
  const rows = [
    `${contact}: ${total} gaps`,
    `  all  ${bars(gaps)}`,
    `       ${mark(session)} a dialogue ends after ${session.minutes} min (${HOW[session.found]})`,
  ];
  if (ownGaps.length > 0) {
    rows.push(
      `  own  ${bars(ownGaps)}`,
      `       ${mark(burst)} a reply ends after ${burst.minutes} min (${HOW[burst.found]})`,
    );
  }
  return [...rows, `       ${axis()}`].join("\n");
}

function mark({ minutes }: LimitReport): string {
  return `${" ".repeat(Math.floor(binOf(minutes * 60)))}^`;
}

function axis(): string {
  return MARKS.reduce((line, [label, seconds]) => line.padEnd(Math.floor(binOf(seconds))) + label, "");
}
