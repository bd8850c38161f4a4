import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeJson } from "../../src/files.js";
import { modelTensors } from "../../src/formats/gguf/layout.js";
import { type Architecture, parseModelConfig } from "../../src/formats/model-config.js";
import { elementCount, fromFloat32 } from "../../src/formats/plain.js";
import { writeSafetensors } from "../../src/formats/safetensors/write.js";
import { templateFor } from "../../src/formats/template/chat-template.js";
import { loadTokenizer } from "../../src/formats/tokenizer/tokenizer.js";
import { gguf } from "../../src/gguf/gguf.js";
import { createRandom, normal } from "../../src/random.js";
import { layoutLora, peftName } from "../../src/train/lora.js";
import { tinyTokenizer } from "../tiny-tokenizer.js";

/** The files of a whole model by name: what a reader is given, one of them changed. */
export type MicroModel = Record<string, Buffer>;

const SHARDS = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"] as const;
const RANK = 2;
const LLAMA3_SCALING = {
  rope_type: "llama3",
  factor: 8,
  low_freq_factor: 1,
  high_freq_factor: 4,
  original_max_position_embeddings: 8192,
};

/**
 * A model of one layer, 32 wide, as a Hugging Face folder with a PEFT adapter, its weights whole, in two shards, and as
 * GGUF: some 30 KB each, so that thousands of changed copies are read in a minute.
 */
export async function microModel(folder: string, architecture: Architecture): Promise<MicroModel> {
  const tokens = tinyTokenizer(architecture === "llama" ? "llama" : "qwen2");
  const json = {
    model_type: architecture,
    vocab_size: tokens.size,
    hidden_size: 32,
    intermediate_size: 64,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    num_key_value_heads: 1,
    rms_norm_eps: 1e-5,
    rope_theta: 10_000,
    max_position_embeddings: 256,
    head_dim: 16,
    // Kept in GGUF as a tensor of its own.
    ...(architecture === "llama" && { rope_scaling: LLAMA3_SCALING }),
    tie_word_embeddings: true,
    hidden_act: "silu",
    bos_token_id: null,
    eos_token_id: [tokens.endId, tokens.endOfTextId],
  };
  const config = parseModelConfig(json, "test");
  const random = createRandom(architecture);
  const values = ({ shape }: { shape: number[] }) =>
    Float32Array.from({ length: elementCount(shape) }, () => 0.1 * normal(random));
  const tensors = modelTensors(config).map((tensor) => ({ ...tensor, type: "F16" as const }));
  const half = tensors.length >> 1;
  await mkdir(folder, { recursive: true });
  const at = (name: string) => join(folder, name);
  const parts = [tensors.slice(0, half), tensors.slice(half)];
  await writeSafetensors(at("model.safetensors"), "test", tensors, (tensor) =>
    fromFloat32(values(tensor), "F16"),
  );
  for (const [index, name] of SHARDS.entries()) {
    await writeSafetensors(at(name), "test", parts[index]!, (tensor) => fromFloat32(values(tensor), "F16"));
  }
  const shardOf = parts.flatMap((part, index) => part.map(({ name }) => [name, SHARDS[index]]));
  await writeJson(at("model.safetensors.index.json"), "test", {
    metadata: { total_size: 1 },
    weight_map: Object.fromEntries(shardOf),
  });
  await writeJson(at("config.json"), "test", json);
  await writeJson(at("tokenizer.json"), "test", tokens.tokenizer);
  await writeJson(at("tokenizer_config.json"), "test", tokens.tokenizerConfig);
  const targets = ["q_proj", "down_proj"] as const;
  await writeJson(at("adapter_config.json"), "test", {
    peft_type: "LORA",
    r: RANK,
    lora_alpha: 4,
    use_rslora: false,
    target_modules: targets,
    bias: "none",
    modules_to_save: null,
    init_lora_weights: true,
  });
  await writeSafetensors(
    at("adapter_model.safetensors"),
    "test",
    layoutLora(config, { rank: RANK, alpha: 4, rslora: false, targets: [...targets] }).tensors.map(
      (tensor) => ({
        name: peftName(tensor),
        shape: [tensor.rows, tensor.columns],
        type: "F32" as const,
      }),
    ),
    (tensor) => fromFloat32(values(tensor), "F32"),
  );
  const template = templateFor(await loadTokenizer(folder, "test"), "test");
  await gguf({ model: folder, gguf: at("model.gguf") }, { name: "micro", template });
  const files: MicroModel = {};
  for (const name of [
    "model.safetensors",
    ...SHARDS,
    "model.safetensors.index.json",
    "config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "adapter_config.json",
    "adapter_model.safetensors",
    "model.gguf",
  ]) {
    files[name] = await readFile(at(name));
  }
  return files;
}
