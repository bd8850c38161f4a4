import { join } from "node:path";
import { writeFolder, writeJson } from "../../files.js";
import type { Run } from "../../progress.js";
import { readFloat16Bytes } from "../float16-bytes.js";
import type { ModelConfig } from "../model-config.js";
import { rowBatches } from "../rows.js";
import { writeSafetensors } from "../safetensors/write.js";
import { separateHeadRows } from "./head-rows.js";
import type { ModelTensor } from "./layout.js";
import { openGgufModel } from "./open-model.js";
import type { GgufFile } from "./read.js";

/**
 * Writes the model in a GGUF file as a Hugging Face folder with float16 weights, dequantized batch by batch: the base
 * of a training when only a GGUF can be had. The folder gets its name only when it is whole.
 *
 * @param stage the stage word, for errors and progress
 * @throws {Unsupported} another architecture, a tensor that we do not know or cannot dequantize
 * @throws {MalformedInput} the file is broken
 * @throws {LimitExceeded} the disk is full; nothing is left behind
 */
export async function importGguf(
  ggufPath: string,
  folder: string,
  stage: string,
  run: Run = {},
): Promise<ModelConfig> {
  const model = await openGgufModel(ggufPath, stage);
  const { file, files, config } = model;
  try {
    const tensors = model.tensors.map((tensor) => ({ ...tensor, type: "F16" as const }));
    await writeFolder(folder, stage, async (building) => {
      await writeJson(join(building, "config.json"), stage, files.config);
      await writeJson(join(building, "generation_config.json"), stage, files.generationConfig);
      for (const [name, value] of Object.entries(files.tokenizer)) {
        await writeJson(join(building, name), stage, value);
      }
      let done = 0;
      await writeSafetensors(join(building, "model.safetensors"), stage, tensors, (tensor) => {
        run.signal?.throwIfAborted();
        run.onProgress?.({ stage, done, total: tensors.length, unit: "tensors" });
        done += 1;
        return convert(file, tensor, config.headSize, stage);
      });
    });
    return config;
  } finally {
    await file.close();
  }
}

async function* convert(
  file: GgufFile,
  tensor: ModelTensor,
  headSize: number,
  stage: string,
): AsyncIterable<Uint8Array> {
  const { ggufName, shape, interleaved } = tensor;
  for (const rows of rowBatches(shape, interleaved ? headSize : 1)) {
    const bytes = await readFloat16Bytes(file, rows, { stage, file: file.name, tensor: ggufName });
    yield interleaved ? separateHeadRows(bytes, headSize, bytes.byteLength / rows.count) : bytes;
  }
}
