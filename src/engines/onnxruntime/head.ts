import type { PackedRun } from "../../train/pack.js";
import type { BaseWeights } from "./base-weights.js";
import { headBlockGraph, headEndGraph, headNormGraph } from "./head-graph.js";
import { copyMatrixRow, matrixRows, matrixType } from "./matrix.js";
import { createOrtSession, float32Tensor, type Arrays } from "./ort-session.js";

/** Rows that go through the output matrix together, if a run has so many. */
export const HEAD_ROWS = 512;
/** Rows of the output matrix that are used at once. The largest arrays are HEAD_ROWS · HEAD_BLOCK logits. */
export const HEAD_BLOCK = 16_384;

/** Less than any logit; its exponential beside any other is 0. */
const NO_MAXIMUM = -1e30;

/** The part of a model after its last layer. */
export type Head = {
  /**
   * The summed weighted loss of a run's targets, in nats.
   *
   * @param output of the last layer, [tokens, hidden]
   * @param dOutput if given, the rows of targets get that loss's gradient; other rows are left alone
   */
  loss(run: PackedRun, output: Float32Array, dOutput?: Float32Array): Promise<number>;
  close(): Promise<void>;
};

const narrow = () => new Float32Array(HEAD_ROWS);

/** Makes the head of a model. */
export async function createHead(base: BaseWeights): Promise<Head> {
  const { config, head } = base;
  const { hiddenSize, vocabSize } = config;
  const type = matrixType(head);
  const norm = await createOrtSession(headNormGraph(config));
  const [plainBlock, gradientBlock] = [
    await createOrtSession(headBlockGraph(config, type, false)),
    await createOrtSession(headBlockGraph(config, type, true)),
  ];
  const [plainEnd, gradientEnd] = [
    await createOrtSession(headEndGraph(config, false)),
    await createOrtSession(headEndGraph(config, true)),
  ];
  const blocks = Array.from({ length: Math.ceil(vocabSize / HEAD_BLOCK) }, (_, at) =>
    matrixRows(head, at * HEAD_BLOCK, Math.min(vocabSize, (at + 1) * HEAD_BLOCK)),
  );
  const normWeight = float32Tensor(base.finalNorm, [hiddenSize]);
  const wide = () => new Float32Array(HEAD_ROWS * hiddenSize);
  const [x, normed, targetRows, dx, losses] = [wide(), wide(), wide(), wide(), narrow()];
  // Each block reads one of a pair and writes the other.
  const states = [0, 1].map(() => ({ maximum: narrow(), sum: narrow(), expected: wide() }));

  async function chunkLoss(weights: Float32Array, gradient: boolean): Promise<void> {
    const rows = weights.length;
    const view = (values: Float32Array, width = hiddenSize) =>
      float32Tensor(values.subarray(0, rows * width), [rows, width]);
    const soFar = ({ maximum, sum, expected }: (typeof states)[number], prefix: string): Arrays => ({
      [`${prefix}maximum`]: view(maximum, 1),
      [`${prefix}sum`]: view(sum, 1),
      ...(gradient && { [`${prefix}expected`]: view(expected) }),
    });
    let [from, to] = [states[0]!, states[1]!];
    from.maximum.fill(NO_MAXIMUM);
    from.sum.fill(0);
    from.expected.fill(0);
    const rowsOfChunk = { x: view(x), "norm.weight": normWeight };
    await norm.run(rowsOfChunk, { normed: view(normed) });
    for (const block of blocks) {
      const inputs = { normed: view(normed), block, ...soFar(from, "") };
      await (gradient ? gradientBlock : plainBlock).run(inputs, soFar(to, "next_"));
      [from, to] = [to, from];
    }
    await (gradient ? gradientEnd : plainEnd).run(
      {
        ...rowsOfChunk,
        ...soFar(from, ""),
        target_rows: view(targetRows),
        weights: float32Tensor(weights, [rows, 1]),
      },
      { loss: view(losses, 1), ...(gradient && { dx: view(dx) }) },
    );
  }

  return {
    loss: async ({ targetTokens, targetIds, targetWeights }, output, dOutput) => {
      let total = 0;
      for (let start = 0; start < targetTokens.length; start += HEAD_ROWS) {
        const tokens = targetTokens.subarray(start, start + HEAD_ROWS);
        tokens.forEach((token, row) => {
          copyRow(output, token, x, row);
          copyMatrixRow(head, targetIds[start + row]!, targetRows, row);
        });
        await chunkLoss(targetWeights.subarray(start, start + tokens.length), dOutput !== undefined);
        if (dOutput) tokens.forEach((token, row) => copyRow(dx, row, dOutput, token));
        for (let row = 0; row < tokens.length; row += 1) total += losses[row]!;
      }
      return total;
    },
    close: async () => {
      for (const session of [norm, plainBlock, gradientBlock, plainEnd, gradientEnd]) await session.close();
    },
  };

  function copyRow(source: Float32Array, from: number, target: Float32Array, to: number): void {
    target.set(source.subarray(from * hiddenSize, (from + 1) * hiddenSize), to * hiddenSize);
  }
}
