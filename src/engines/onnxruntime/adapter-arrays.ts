import type { ModelConfig } from "../../formats/model-config.js";
import { layoutLora, TARGET_GROUPS, type Lora } from "../../train/lora.js";
import { float32Tensor, type Arrays } from "./ort-session.js";

/**
 * One layer's part of an adapter under the names that its graphs give inputs and gradients; views, nothing is copied.
 *
 * @param values from the layer's first matrix on
 */
export function adapterArrays(
  config: ModelConfig,
  lora: Lora,
  values: Float32Array,
): { inputs: Arrays; gradients: Arrays } {
  const inputs: Arrays = {};
  const gradients: Arrays = {};
  const { tensors } = layoutLora({ ...config, layers: 1 }, lora);
  for (const { target, matrix, rows, columns, offset } of tensors) {
    const view = float32Tensor(values.subarray(offset, offset + rows * columns), [rows, columns]);
    inputs[`${target}.lora_${matrix}`] = view;
    if (matrix === "B") gradients[`${target}.grad_B`] = view;
  }
  for (const group of TARGET_GROUPS) {
    const members = tensors.filter(
      ({ target, matrix }) => matrix === "A" && (group as readonly string[]).includes(target),
    );
    const [first] = members;
    if (!first) continue;
    const rows = members.length * lora.rank;
    const view = values.subarray(first.offset, first.offset + rows * first.columns);
    gradients[`${first.target}.grad_A`] = float32Tensor(view, [rows, first.columns]);
    if (members.length > 1) inputs[`${first.target}.stacked_A`] = float32Tensor(view, [rows, first.columns]);
  }
  return { inputs, gradients };
}
