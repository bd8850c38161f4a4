import type { LoraLayout } from "./lora.js";
import type { AdapterState, StepSettings } from "./trainer.js";

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/**
 * One AdamW step in place, then zeroes the gradients.
 *
 * A gradient that is not finite changes nothing but is zeroed too.
 *
 * @param gradients of the summed weighted loss; same layout as the state's arrays
 * @returns the norm of the mean gradient before clipping; NaN or Infinity if it was not finite
 * @source Loshchilov and Hutter 2019, algorithm 2; clipping as torch.nn.utils.clip_grad_norm_ does it; the rate of B
 *   matrices, which also scales their decay: LoRA+, Hayou et al. 2024 (arXiv 2402.12354), section 3
 */
export function stepAdamW(
  state: AdapterState,
  gradients: Float32Array,
  { tensors }: LoraLayout,
  settings: StepSettings,
): number {
  const { learningRate, loraPlusRatio, weightDecay, clip, totalWeight } = settings;
  let squares = 0;
  for (const gradient of gradients) squares += gradient * gradient;
  const norm = Math.sqrt(squares) / totalWeight;
  if (Number.isFinite(norm)) {
    state.step += 1;
    const scale = Math.min(1, clip / (norm + 1e-6)) / totalWeight;
    const correction = 1 - BETA1 ** state.step;
    const rootCorrection = Math.sqrt(1 - BETA2 ** state.step);
    const { weights, mean, variance } = state;
    for (const { matrix, offset, rows, columns } of tensors) {
      const rate = matrix === "B" ? learningRate * loraPlusRatio : learningRate;
      const keep = 1 - rate * weightDecay;
      const stepSize = rate / correction;
      for (let at = offset; at < offset + rows * columns; at += 1) {
        const gradient = gradients[at]! * scale;
        const m = BETA1 * mean[at]! + (1 - BETA1) * gradient;
        const v = BETA2 * variance[at]! + (1 - BETA2) * gradient * gradient;
        mean[at] = m;
        variance[at] = v;
        weights[at] = weights[at]! * keep - (stepSize * m) / (Math.sqrt(v) / rootCorrection + EPSILON);
      }
    }
  }
  gradients.fill(0);
  return norm;
}
