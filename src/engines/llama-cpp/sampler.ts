import type { Random } from "../../random.js";
import type { Sampling } from "../ports.js";
import { likeliest } from "./likeliest.js";

/** How many of the last tokens the penalties look at unless told. */
export const PENALIZED_TOKENS = 64;

/** What of a sampling decides over one token. */
export type Draw = Omit<Sampling, "maxTokens" | "seed" | "grammar" | "topScores" | "repeatLastN">;

/**
 * Draws the next token: bias and penalties, then the likeliest `topK`, then temperature, then the smallest set that
 * reaches `topP`, then `minP`.
 *
 * That is the order of Ollama's own sampler (0.6.5). llama.cpp's has temperature last, so a high one there draws from
 * fewer tokens; for our own settings, temperature and `topP`, ours was first and stays, as comparisons depend on it.
 *
 * @param logits one per vocabulary entry; not changed
 * @param recent the tokens that the penalties concern
 * @source repeat penalty: Keskar et al. 2019 (CTRL); nucleus: Holtzman et al. 2020
 */
export function sampleToken(
  logits: Float32Array,
  recent: Iterable<number>,
  draw: Draw,
  random: Random,
): number {
  const { temperature, topP, topK = 0, minP = 0 } = draw;
  const adjusted = adjust(logits, recent, draw);
  if (temperature > 0 && topK > 0 && topK < adjusted.length) {
    const tokens = likeliest(adjusted, topK);
    const max = adjusted[tokens[0]!]!;
    const weights = Float64Array.from(tokens, (token) => Math.exp((adjusted[token]! - max) / temperature));
    return tokens[drawFrom(weights, topP, minP, random)]!;
  }
  const best = indexOfMax(adjusted);
  if (temperature === 0) return best;
  const max = adjusted[best]!;
  const weights = new Float64Array(adjusted.length);
  for (let token = 0; token < weights.length; token += 1) {
    weights[token] = Math.exp((adjusted[token]! - max) / temperature);
  }
  return drawFrom(weights, topP, minP, random);
}

/** The logits with bias and penalties, or themselves where there are none. */
function adjust(logits: Float32Array, recent: Iterable<number>, draw: Draw): Float32Array {
  const { repeatPenalty, presencePenalty = 0, frequencyPenalty = 0, logitBias } = draw;
  const isPenal = repeatPenalty !== 1 || presencePenalty !== 0 || frequencyPenalty !== 0;
  if (!isPenal && !logitBias?.size) return logits;
  const adjusted = logits.slice();
  for (const [token, bias] of logitBias ?? []) if (token in adjusted) adjusted[token]! += bias;
  if (!isPenal) return adjusted;
  const counts = new Map<number, number>();
  for (const token of recent) counts.set(token, (counts.get(token) ?? 0) + 1);
  for (const [token, count] of counts) {
    const logit = adjusted[token]!;
    const repeated = logit > 0 ? logit / repeatPenalty : logit * repeatPenalty;
    adjusted[token] = repeated - presencePenalty - frequencyPenalty * count;
  }
  return adjusted;
}

/** The place of a weight drawn from the nucleus. */
function drawFrom(weights: Float64Array, topP: number, minP: number, random: Random): number {
  let total = 0;
  let most = 0;
  for (const weight of weights) {
    total += weight;
    if (weight > most) most = weight;
  }
  const kept = nucleus(weights, total, topP);
  if (minP <= 0) return draw(weights, kept, random);
  const line = minP * most;
  const among = kept.places ?? [...weights.keys()];
  const places = among.filter((place) => weights[place]! >= line);
  return draw(weights, { places, total: places.reduce((sum, place) => sum + weights[place]!, 0) }, random);
}

type Kept = { places: number[] | undefined; total: number };

/** The places of the nucleus, or undefined for all, and the sum of their weights. */
function nucleus(weights: Float64Array, total: number, topP: number): Kept {
  if (topP >= 1) return { places: undefined, total };
  // Whatever is below this line adds up to less than the tail that is cut off, so only the rest need be sorted.
  const line = (total * (1 - topP)) / weights.length;
  const candidates: number[] = [];
  for (let place = 0; place < weights.length; place += 1) if (weights[place]! >= line) candidates.push(place);
  candidates.sort((a, b) => weights[b]! - weights[a]! || a - b);
  let sum = 0;
  const kept = candidates.findIndex((place) => (sum += weights[place]!) >= topP * total);
  return { places: kept === -1 ? candidates : candidates.slice(0, kept + 1), total: sum };
}

function draw(weights: Float64Array, { places, total }: Kept, random: Random): number {
  let rest = random() * total;
  const count = places?.length ?? weights.length;
  let last = 0;
  for (let at = 0; at < count; at += 1) {
    const place = places ? places[at]! : at;
    if (weights[place] === 0) continue;
    last = place;
    rest -= weights[place]!;
    if (rest < 0) break;
  }
  return last;
}

function indexOfMax(values: Float32Array): number {
  let best = 0;
  for (let index = 1; index < values.length; index += 1) if (values[index]! > values[best]!) best = index;
  return best;
}
