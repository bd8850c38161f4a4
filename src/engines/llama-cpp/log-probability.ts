/**
 * Natural logarithm of the probability that softmax gives one token, in double precision.
 *
 * @param logits one per vocabulary entry
 */
export function logProbability(logits: Float32Array, token: number): number {
  let max = -Infinity;
  for (let index = 0; index < logits.length; index += 1) if (logits[index]! > max) max = logits[index]!;
  let sum = 0;
  for (let index = 0; index < logits.length; index += 1) sum += Math.exp(logits[index]! - max);
  return logits[token]! - max - Math.log(sum);
}
