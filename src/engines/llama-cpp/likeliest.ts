/**
 * The `count` tokens with the highest logits, highest first; of equal ones the lower id first. One look at each logit,
 * and work only for those that are among the highest so far.
 */
export function likeliest(logits: Float32Array, count: number): number[] {
  // A heap with the least likely of those kept at its root.
  const kept = Int32Array.from({ length: Math.min(count, logits.length) }, (_, token) => token);
  const isLess = (a: number, b: number): boolean =>
    logits[a]! < logits[b]! || (logits[a] === logits[b] && a > b);
  const sink = (from: number): void => {
    const token = kept[from]!;
    let place = from;
    for (let child = 2 * place + 1; child < kept.length; child = 2 * place + 1) {
      if (child + 1 < kept.length && isLess(kept[child + 1]!, kept[child]!)) child += 1;
      if (!isLess(kept[child]!, token)) break;
      kept[place] = kept[child]!;
      place = child;
    }
    kept[place] = token;
  };
  for (let place = (kept.length >> 1) - 1; place >= 0; place -= 1) sink(place);
  let least = logits[kept[0]!]!;
  for (let token = kept.length; token < logits.length; token += 1) {
    if (!(logits[token]! > least)) continue;
    kept[0] = token;
    sink(0);
    least = logits[kept[0]]!;
  }
  return [...kept].sort((a, b) => logits[b]! - logits[a]! || a - b);
}
