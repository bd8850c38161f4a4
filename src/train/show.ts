import type { PackedRun } from "./pack.js";

/** A token of a sample as training sees it; `weight` is how much predicting it counts, 0 for what is only read. */
export type ShownToken = { text: string; id: number; weight: number };

/**
 * The samples of a run, made from the very arrays that the model is fed, so that what is shown is what is trained.
 *
 * @param textOf the text of one token
 */
export function showSamples(run: PackedRun, textOf: (id: number) => string): ShownToken[][] {
  const next = new Map<number, { id: number; weight: number }>();
  run.targetTokens.forEach((token, at) => {
    next.set(token, { id: run.targetIds[at]!, weight: run.targetWeights[at]! });
  });
  const samples: ShownToken[][] = [];
  run.ids.forEach((id, token) => {
    if (run.positions[token] === 0) samples.push([{ text: textOf(id), id, weight: 0 }]);
    const target = next.get(token);
    const ends = token + 1 === run.ids.length || run.positions[token + 1] === 0;
    if (!ends || target) {
      const following = ends ? target!.id : run.ids[token + 1]!;
      if (target && target.id !== following)
        throw new TypeError("internal: a target is not the token that follows");
      samples.at(-1)!.push({ text: textOf(following), id: following, weight: target?.weight ?? 0 });
    }
  });
  return samples;
}
