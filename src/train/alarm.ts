import { LimitExceeded } from "../errors.js";

/** Steps over which the loss is averaged before it counts as diverged. */
const WINDOW = 10;

/**
 * Watches the loss of each step.
 *
 * @param vocabSize a model that knows nothing has a loss of its logarithm
 * @returns a function to call after every step
 */
export function createAlarm(
  vocabSize: number,
): (step: { step: number; loss: number; gradNorm: number; learningRate: number }) => void {
  const recent: number[] = [];
  let first: number | undefined;
  return ({ step, loss, gradNorm, learningRate }) => {
    const refuse = (what: string): never => {
      throw new LimitExceeded(
        `train step ${step}: ${what} at learning rate ${learningRate.toPrecision(3)}. Start with --fresh --learning-rate ${(learningRate / 4).toPrecision(1)}.`,
        { stage: "train" },
      );
    };
    if (!Number.isFinite(loss) || !Number.isFinite(gradNorm)) refuse("loss or gradient is not a number");
    first ??= loss;
    recent.push(loss);
    if (recent.length < WINDOW) return;
    const mean = recent.reduce((sum, value) => sum + value, 0) / WINDOW;
    recent.shift();
    const limit = Math.max(Math.log(vocabSize), 1.5 * first);
    if (mean > limit) refuse(`the loss has grown to ${mean.toFixed(2)} (at most ${limit.toFixed(2)})`);
  };
}
