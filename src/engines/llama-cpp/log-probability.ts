import type { DrawScores } from "../ports.js";
import { likeliest } from "./likeliest.js";

/**
 * Natural logarithm of the probability that softmax gives one token, in double precision.
 *
 * @param logits one per vocabulary entry
 */
export function logProbability(logits: Float32Array, token: number): number {
  return logOdds(logits)(token);
}

/** The score of a drawn token, and those of the `count` likeliest in its place. */
export function drawScores(logits: Float32Array, token: number, count: number): DrawScores {
  const score = logOdds(logits);
  const scoreOf = (id: number) => ({ id, logProbability: score(id) });
  return { drawn: scoreOf(token), top: count > 0 ? likeliest(logits, count).map(scoreOf) : [] };
}

function logOdds(logits: Float32Array): (token: number) => number {
  let max = -Infinity;
  for (let index = 0; index < logits.length; index += 1) if (logits[index]! > max) max = logits[index]!;
  let sum = 0;
  for (let index = 0; index < logits.length; index += 1) sum += Math.exp(logits[index]! - max);
  const logSum = Math.log(sum);
  return (token) => logits[token]! - max - logSum;
}
