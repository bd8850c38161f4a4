import { join } from "node:path";
import { writeFolder, writeJson } from "../../files.js";
import type { Run } from "../../progress.js";
import { checkTensors } from "../check-tensors.js";
import { readFloat16Bytes } from "../float16-bytes.js";
import { type ModelConfig, parseModelConfig } from "../model-config.js";
import { rowBatches } from "../rows.js";
import { writeSafetensors } from "../safetensors/write.js";
import { tokenizerFromGguf } from "../tokenizer/from-gguf.js";
import { separateHeadRows } from "./head-rows.js";
import { type ModelTensor, modelTensors } from "./layout.js";
import { type GgufFile, openGguf } from "./read.js";
import { ROPE_FREQS } from "./rope-freqs.js";
import { huggingFaceConfig } from "./to-config.js";

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
  const file = await openGguf(ggufPath, stage);
  try {
    const ropeFreqs = file.tensors.has(ROPE_FREQS) ? await file.readFloat32(ROPE_FREQS) : null;
    const { config: json, generationConfig } = huggingFaceConfig(file, stage, ropeFreqs);
    const config = parseModelConfig(json, stage);
    const expected = modelTensors(config);
    const byGgufName = expected.map(({ ggufName, shape }) => ({ name: ggufName, shape }));
    checkTensors(file.tensors, byGgufName, file.name, stage, (name) => name === ROPE_FREQS);
    const tensors = expected.map((tensor) => ({ ...tensor, type: "F16" as const }));
    const files = tokenizerFromGguf(file.metadata, stage, file.name);
    await writeFolder(folder, stage, async (building) => {
      await writeJson(join(building, "config.json"), stage, json);
      await writeJson(join(building, "generation_config.json"), stage, generationConfig);
      for (const [name, value] of Object.entries(files)) await writeJson(join(building, name), stage, value);
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
