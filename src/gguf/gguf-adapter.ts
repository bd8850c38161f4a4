import { Unsupported } from "../errors.js";
import { interleaveHeadRows } from "../formats/gguf/head-rows.js";
import { modelTensors } from "../formats/gguf/layout.js";
import { float32, string, uint32 } from "../formats/gguf/metadata.js";
import { writeGguf } from "../formats/gguf/write.js";
import { readModelConfig } from "../formats/model-config.js";
import { adapterPairs } from "../formats/peft/adapter-pairs.js";
import { openAdapter, readMatrix } from "../formats/peft/open-adapter.js";
import { fromFloat32 } from "../formats/plain.js";
import type { Run } from "../progress.js";

const STAGE = "gguf";
const QUANTIZATION_VERSION = 2;

/**
 * Writes a PEFT adapter as a GGUF file of its own, float32, which llama.cpp and Ollama put on top of the base's GGUF.
 *
 * The scale is always read as alpha / rank there, so the alpha of a rank-stabilized adapter becomes alpha · √rank.
 *
 * @param paths the base's folder, of which only the configuration is read; the adapter's; the file to write
 * @param name for people who look into the file
 * @returns how many matrices it holds, two for each adapted tensor
 * @throws {Unsupported} not a plain LoRA adapter
 * @throws {MalformedInput} adapter and base do not belong together, or a file is broken
 * @throws {LimitExceeded} the disk is full; nothing is left behind
 * @source llama.cpp `convert_lora_to_gguf.py`, gguf-py 0.19.0
 */
export async function ggufAdapter(
  paths: { base: string; adapter: string; gguf: string },
  name: string,
  run: Run = {},
): Promise<{ matrices: number }> {
  const model = await readModelConfig(paths.base, STAGE);
  const { config, source } = await openAdapter(paths.adapter, STAGE);
  try {
    if (config.dora) {
      throw new Unsupported(
        `${STAGE} adapter_config.json: llama.cpp's adapters do not know DoRA. Use the merged model instead.`,
        { stage: STAGE, path: "adapter_config.json" },
      );
    }
    const adaptable = modelTensors(model);
    const base = new Map(adaptable.map((tensor) => [tensor.name, tensor]));
    const pairs = adapterPairs(source.tensors, base, config, STAGE);
    const metadata = new Map([
      ["general.architecture", string(model.architecture)],
      ["general.type", string("adapter")],
      ["adapter.type", string("lora")],
      ["general.name", string(name)],
      ["adapter.lora.alpha", float32(config.scale * config.rank)],
      ["general.quantization_version", uint32(QUANTIZATION_VERSION)],
    ]);
    const matrices = adaptable.flatMap((tensor) => {
      const pair = pairs.get(tensor.name);
      if (!pair) return [];
      return (["a", "b"] as const).map((half) => ({
        name: `${tensor.ggufName}.lora_${half}`,
        source: pair[half],
        shape: source.tensors.get(pair[half])!.shape,
        type: "F32" as const,
        // The rows of B are those of the weight, and lie as they do.
        interleaved: half === "b" && tensor.interleaved,
      }));
    });
    await writeGguf(paths.gguf, STAGE, metadata, matrices, async ({ source: peftName, interleaved }) => {
      run.signal?.throwIfAborted();
      const bytes = fromFloat32(await readMatrix(source, peftName, STAGE), "F32");
      return interleaved ? interleaveHeadRows(bytes, model.headSize, 4 * config.rank) : bytes;
    });
    return { matrices: matrices.length };
  } finally {
    await source.close();
  }
}
