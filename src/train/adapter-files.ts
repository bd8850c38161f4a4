import { join } from "node:path";
import { writeFolder, writeJson } from "../files.js";
import type { ModelConfig } from "../formats/model-config.js";
import { fromFloat32 } from "../formats/plain.js";
import { writeSafetensors } from "../formats/safetensors/write.js";
import { layoutLora, peftName, type Lora } from "./lora.js";

/** The lengths of the rows of each weight that a DoRA adapter changes, by PEFT's names. */
export type Magnitudes = ReadonlyMap<string, Float32Array>;

/**
 * Writes an adapter as a folder that PEFT loads: `adapter_config.json` and `adapter_model.safetensors`, float32.
 *
 * @param weights laid out as `layoutLora` says
 * @param magnitudes of a DoRA adapter
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
    magnitudes,
  }: {
    config: ModelConfig;
    lora: Lora;
    weights: Float32Array;
    baseName: string;
    dropout?: number;
    magnitudes?: Magnitudes;
  },
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
      use_dora: magnitudes !== undefined,
      use_rslora: lora.rslora,
    });
    const matrices = layoutLora(config, lora).tensors.map((tensor) => {
      const { rows, columns, offset } = tensor;
      const values = weights.subarray(offset, offset + rows * columns);
      return { name: peftName(tensor), shape: [rows, columns], type: "F32" as const, values };
    });
    const lengths = [...(magnitudes ?? [])].map(([name, values]) => {
      return { name, shape: [values.length], type: "F32" as const, values };
    });
    await writeSafetensors(
      join(partial, "adapter_model.safetensors"),
      "train",
      [...matrices, ...lengths],
      ({ values }) => fromFloat32(values, "F32"),
    );
  });
}
