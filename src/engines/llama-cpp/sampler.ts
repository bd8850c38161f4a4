import type { Random } from "../../random.js";
import type { Sampling } from "../ports.js";

/** How many of the last tokens the repeat penalty looks at. */
export const PENALIZED_TOKENS = 64;

/**
 * Draws the next token: repeat penalty, then temperature, then the smallest set that reaches `topP`.
 *
 * @param logits one per vocabulary entry; not changed
 * @param recent the tokens that the repeat penalty concerns
 * @source repeat penalty: Keskar et al. 2019 (CTRL); nucleus: Holtzman et al. 2020
 */
export function sampleToken(
  logits: Float32Array,
  recent: Iterable<number>,
  sampling: Pick<Sampling, "temperature" | "topP" | "repeatPenalty">,
  random: Random,
): number {
  const { temperature, topP, repeatPenalty } = sampling;
  const adjusted = repeatPenalty === 1 ? logits : logits.slice();
  if (repeatPenalty !== 1) {
    for (const token of new Set(recent)) {
      const logit = adjusted[token]!;
      adjusted[token] = logit > 0 ? logit / repeatPenalty : logit * repeatPenalty;
    }
  }
  const best = indexOfMax(adjusted);
  if (temperature === 0) return best;
  const max = adjusted[best]!;
  const weights = new Float64Array(adjusted.length);
  let total = 0;
  for (let token = 0; token < weights.length; token += 1) {
    weights[token] = Math.exp((adjusted[token]! - max) / temperature);
    total += weights[token]!;
  }
  return draw(weights, nucleus(weights, total, topP), random);
}

/** The tokens of the nucleus, or undefined for all, and the sum of their weights. */
function nucleus(
  weights: Float64Array,
  total: number,
  topP: number,
): { tokens: number[] | undefined; total: number } {
  if (topP >= 1) return { tokens: undefined, total };
  // Whatever is below this line adds up to less than the tail that is cut off, so only the rest need be sorted.
  const line = (total * (1 - topP)) / weights.length;
  const candidates: number[] = [];
  for (let token = 0; token < weights.length; token += 1) if (weights[token]! >= line) candidates.push(token);
  candidates.sort((a, b) => weights[b]! - weights[a]! || a - b);
  let sum = 0;
  const kept = candidates.findIndex((token) => (sum += weights[token]!) >= topP * total);
  return { tokens: kept === -1 ? candidates : candidates.slice(0, kept + 1), total: sum };
}

function draw(
  weights: Float64Array,
  { tokens, total }: { tokens: number[] | undefined; total: number },
  random: Random,
): number {
  let rest = random() * total;
  const count = tokens?.length ?? weights.length;
  let last = 0;
  for (let at = 0; at < count; at += 1) {
    const token = tokens ? tokens[at]! : at;
    if (weights[token] === 0) continue;
    last = token;
    rest -= weights[token]!;
    if (rest < 0) break;
  }
  return last;
}

function indexOfMax(values: Float32Array): number {
  let best = 0;
  for (let index = 1; index < values.length; index += 1) if (values[index]! > values[best]!) best = index;
  return best;
}
