import type { PrivateKind } from "../../private-placeholders.js";
import type { Span, Topic } from "./detector.js";
import { detectors } from "./detectors.js";

/** A piece of private data in a text. */
export type Found = Span & { kind: PrivateKind };

/** Most texts with private data other than names have one of these. */
const SIGN = /[0-9@码密令省市]/;
/** The others have a word that announces it. */
const WORD =
  /:\/\/|pass|pwd|pw\b|wx|vx|v信|微信|[威薇]信|weixin|wechat|护照|通行证|手机|电话|联系方式|phone|mobile|number|\bcell\b|\b(?:otp|pin)\b|code/i;

/** Whether a text can hold private data, or speaks of some; what it says no of is not looked at further. */
export function mayBePrivate(text: string): boolean {
  return SIGN.test(text) || WORD.test(text);
}

/**
 * The private data in a text, names aside, in its order and without overlaps.
 *
 * @param text with full-width signs as half-width
 */
export function findPrivate(text: string, topics: ReadonlySet<Topic>): Found[] {
  const found: Found[] = [];
  const digits = countDigits(text);
  for (const { kind, digits: fewest, hint, find } of detectors) {
    if (digits < fewest || hint?.test(text) === false) continue;
    for (const span of find(text, topics)) if (isFree(span, found)) found.push({ kind, ...span });
  }
  return found.sort((a, b) => a.start - b.start);
}

/** Whether a stretch shares no sign with those already found. */
export function isFree({ start, end }: Span, found: readonly Span[]): boolean {
  return found.every((other) => end <= other.start || start >= other.end);
}

function countDigits(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) count += 1;
  }
  return count;
}
