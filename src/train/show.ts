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
  run.owners.forEach((owner, place) => {
    if (owner < 0) return;
    const row = run.tokens[place]!;
    const id = run.ids[row]!;
    const sample = (samples[owner] ??= [{ text: textOf(id), id, weight: 0 }]);
    const target = next.get(row);
    const ends = place + 1 === run.owners.length || run.owners[place + 1] !== owner;
    if (ends && !target) return;
    const following = ends ? target!.id : run.ids[run.tokens[place + 1]!]!;
    if (target && target.id !== following)
      throw new TypeError("internal: a target is not the token that follows");
    sample.push({ text: textOf(following), id: following, weight: target?.weight ?? 0 });
  });
  return samples;
}
