import type { Message } from "../import/message.js";
import { countGaps, secondsAt } from "./gap-histogram.js";
import { fitMixture, valley } from "./mixture.js";
import type { Chat } from "./order-chats.js";
import type { DialogueSettings } from "./settings.js";

/**
 * How a limit was found: `given` by the settings, `learnt` from the gaps, `clamped` where what was learnt lies beyond the
 * range, or the fallback where there are `too-few` gaps or `no-valley` between short and long ones.
 */
export type Found = "given" | "learnt" | "clamped" | "too-few" | "no-valley";

/** A length of silence that separates. */
export type Limit = { seconds: number; found: Found };

/** How one contact and the owner text, and the limits that follow from it. */
export type Rhythm = {
  contact: string;
  /** A silence longer than this ends a session. */
  session: Limit;
  /** An own message that comes later than this after the own one before it is no part of the same reply. */
  burst: Limit;
  /** Gaps between messages by length, and those between own messages that follow one another; see `countGaps`. */
  gaps: Float64Array;
  ownGaps: Float64Array;
};

/** Fewer gaps than this in all, or fewer than these on one side of the valley, are chance. */
const ENOUGH_GAPS = 100;
const ENOUGH_ON_A_SIDE = 10;

/** Beyond these, in minutes, what was learnt is no sitting at the phone, or no reply in pieces. */
const SESSION = { least: 5, most: 60, fallback: 10 } as const;
const BURST = { least: 0.5, most: 5, fallback: 2 } as const;

/**
 * The rhythm of a chat that has times: between the many short gaps within a conversation (or a reply) and the few
 * long ones between them is a valley, and there the limits lie.
 */
export function learnRhythm(
  { contact, messages }: Chat,
  { gapMinutes, burstMinutes }: Pick<DialogueSettings, "gapMinutes" | "burstMinutes">,
): Rhythm {
  const wholeMinutes = messages.every(({ time }) => time! % 60 === 0);
  const gaps = countGaps(gapsOf(messages, false), wholeMinutes);
  const ownGaps = countGaps(gapsOf(messages, true), wholeMinutes);
  const told = wholeMinutes ? 60 : 1;
  const session = findLimit(gaps, gapMinutes, told, SESSION);
  const burst = findLimit(ownGaps, burstMinutes, told, BURST);
  return { contact, session, burst, gaps, ownGaps };
}

function* gapsOf(messages: readonly Message[], own: boolean): Iterable<number> {
  for (let at = 1; at < messages.length; at += 1) {
    const [before, message] = [messages[at - 1]!, messages[at]!];
    if (!own || (before.owner && message.owner)) yield message.time! - before.time!;
  }
}

/**
 * @param given in minutes; 0 if it is to be learnt
 * @param told the seconds to which times are told: below that, what looks like a valley is rounding
 */
function findLimit(
  counts: Float64Array,
  given: number,
  told: number,
  { least, most, fallback }: { least: number; most: number; fallback: number },
): Limit {
  if (given > 0) return { seconds: given * 60, found: "given" };
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total < ENOUGH_GAPS) return { seconds: fallback * 60, found: "too-few" };
  const mixture = fitMixture(counts);
  const bin = valley(mixture);
  if (bin === null || secondsAt(bin) < told) return { seconds: fallback * 60, found: "no-valley" };
  if (mixture.some(({ share }) => share * total < ENOUGH_ON_A_SIDE))
    return { seconds: fallback * 60, found: "too-few" };
  const minutes = secondsAt(bin) / 60;
  if (minutes < least || minutes > most)
    return { seconds: 60 * Math.min(most, Math.max(least, minutes)), found: "clamped" };
  return { seconds: Math.round(minutes * 60), found: "learnt" };
}
