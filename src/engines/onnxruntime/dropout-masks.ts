import type { ModelConfig } from "../../formats/model-config.js";
import { linearSize, TARGET_GROUPS, type Lora, type Target } from "../../train/lora.js";
import { fillDropout } from "../../train/noise.js";
import { float32Tensor, type Arrays } from "./ort-session.js";

/** What is left out of the inputs of LoRA pairs, drawn anew for each layer. */
export type DropoutMasks = {
  /** The masks of a layer under their graph names; valid until the next call. */
  ofLayer(keys: Uint32Array, layer: number): Arrays;
};

/**
 * The activations that are masked, by their masks' graph names. Pairs that read the same one share its mask, as they
 * share its product with their A matrices; PEFT draws a mask for each.
 */
export function maskedInputs(
  config: ModelConfig,
  lora: Lora,
): { name: string; width: number; targets: readonly Target[] }[] {
  return TARGET_GROUPS.filter((group) => group.some((target) => lora.targets.includes(target))).map(
    (targets) => ({
      name: `${targets[0]}.mask`,
      width: linearSize(config, targets[0]).inputs,
      targets,
    }),
  );
}

/** Makes the masks' buffers, [runTokens, width] each. */
export function createMasks(config: ModelConfig, lora: Lora, runTokens: number, rate: number): DropoutMasks {
  const inputs = maskedInputs(config, lora).map((input) => ({
    ...input,
    values: new Float32Array(runTokens * input.width),
  }));
  return {
    ofLayer: (keys, layer) =>
      Object.fromEntries(
        inputs.map(({ name, width, values }, index) => {
          const mask = values.subarray(0, keys.length * width);
          fillDropout(mask, keys, layer * TARGET_GROUPS.length + index, rate);
          return [name, float32Tensor(mask, [keys.length, width])];
        }),
      ),
  };
}
