import type { PackedRun } from "../../train/pack.js";
import type { BaseWeights } from "./base-weights.js";
import { headGraph } from "./head-graph.js";
import { createOrtSession, float32Tensor, int64Tensor } from "./ort-session.js";

/** Rows that go through the output matrix together. Their logits are the largest array there is: rows · vocabulary. */
export const HEAD_ROWS = 128;

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

/** Makes the head of a model. */
export async function createHead(base: BaseWeights): Promise<Head> {
  const { hiddenSize, vocabSize } = base.config;
  const lossSession = await createOrtSession(headGraph(base.config, false));
  const gradientSession = await createOrtSession(headGraph(base.config, true));
  const weights = {
    "norm.weight": float32Tensor(base.finalNorm, [hiddenSize]),
    "head.weight": float32Tensor(base.head, [vocabSize, hiddenSize]),
  };
  const x = new Float32Array(HEAD_ROWS * hiddenSize);
  const dx = new Float32Array(HEAD_ROWS * hiddenSize);
  const losses = new Float32Array(HEAD_ROWS);

  return {
    loss: async ({ targetTokens, targetIds, targetWeights }, output, dOutput) => {
      let total = 0;
      for (let start = 0; start < targetTokens.length; start += HEAD_ROWS) {
        const tokens = targetTokens.subarray(start, start + HEAD_ROWS);
        const count = tokens.length;
        tokens.forEach((token, row) => copyRow(output, token, x, row));
        const loss = { loss: float32Tensor(losses.subarray(0, count), [count, 1]) };
        const gradient = { dx: float32Tensor(dx.subarray(0, count * hiddenSize), [count, hiddenSize]) };
        await (dOutput ? gradientSession : lossSession).run(
          {
            ...weights,
            x: float32Tensor(x.subarray(0, count * hiddenSize), [count, hiddenSize]),
            targets: int64Tensor(targetIds.subarray(start, start + count), [count]),
            weights: float32Tensor(targetWeights.subarray(start, start + count), [count, 1]),
          },
          dOutput ? { ...loss, ...gradient } : loss,
        );
        if (dOutput) tokens.forEach((token, row) => copyRow(dx, row, dOutput, token));
        for (let row = 0; row < count; row += 1) total += losses[row]!;
      }
      return total;
    },
    close: async () => {
      await lossSession.close();
      await gradientSession.close();
    },
  };

  function copyRow(source: Float32Array, from: number, target: Float32Array, to: number): void {
    target.set(source.subarray(from * hiddenSize, (from + 1) * hiddenSize), to * hiddenSize);
  }
}
