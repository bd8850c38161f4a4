import { join } from "node:path";
import { writeFolder, writeJson } from "../files.js";
import type { ModelConfig } from "../formats/model-config.js";
import { fromFloat32 } from "../formats/plain.js";
import { writeSafetensors } from "../formats/safetensors/write.js";
import { layoutLora, peftName, type Lora } from "./lora.js";

/**
 * Writes an adapter as a folder that PEFT loads: `adapter_config.json` and `adapter_model.safetensors`, float32.
 *
 * @param weights laid out as `layoutLora` says
 * @param dropout what it was trained with; only PEFT's own training looks at it
 * @param baseName goes into the configuration; PEFT itself does not need it
 * @source PEFT 0.21, LoraConfig and `save_pretrained`
 */
export async function writeAdapter(
  folder: string,
  {
    config,
    lora,
    weights,
    baseName,
    dropout = 0,
  }: { config: ModelConfig; lora: Lora; weights: Float32Array; baseName: string; dropout?: number },
): Promise<void> {
  await writeFolder(folder, "train", async (partial) => {
    await writeJson(join(partial, "adapter_config.json"), "train", {
      peft_type: "LORA",
      task_type: "CAUSAL_LM",
      base_model_name_or_path: baseName,
      r: lora.rank,
      lora_alpha: lora.alpha,
      lora_dropout: dropout,
      target_modules: lora.targets,
      bias: "none",
      fan_in_fan_out: false,
      inference_mode: true,
      init_lora_weights: true,
      modules_to_save: null,
      use_dora: false,
      use_rslora: lora.rslora,
    });
    await writeSafetensors(
      join(partial, "adapter_model.safetensors"),
      "train",
      layoutLora(config, lora).tensors.map((tensor) => ({
        name: peftName(tensor),
        shape: [tensor.rows, tensor.columns],
        type: "F32" as const,
        tensor,
      })),
      ({ tensor: { offset, rows, columns } }) =>
        fromFloat32(weights.subarray(offset, offset + rows * columns), "F32"),
    );
  });
}
