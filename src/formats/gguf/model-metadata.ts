import type { ModelConfig } from "../model-config.js";
import { float32, type GgufMetadata, type GgufValue, string, uint32 } from "./metadata.js";

/** llama.cpp's number for a file whose matrices are F16. */
const FILE_TYPE_MOSTLY_F16 = 1;
const QUANTIZATION_VERSION = 2;

/**
 * The metadata of an F16 model file apart from its tokenizer, key by key what llama.cpp's converter writes.
 *
 * @param name of the model, for people
 * @param parameters number of all weights
 * @source llama.cpp `conversion/base.py`, `llama.py`, `qwen.py`, gguf-py 0.19.0
 */
export function modelMetadata(config: ModelConfig, name: string, parameters: number): GgufMetadata {
  const { architecture } = config;
  const values = new Map<string, GgufValue>();
  const own = (key: string, value: GgufValue) => values.set(`${architecture}.${key}`, value);
  values.set("general.architecture", string(architecture));
  values.set("general.type", string("model"));
  values.set("general.name", string(name));
  values.set("general.size_label", string(sizeLabel(parameters)));
  own("block_count", uint32(config.layers));
  own("context_length", uint32(config.contextTokens));
  own("embedding_length", uint32(config.hiddenSize));
  own("feed_forward_length", uint32(config.ffnSize));
  own("attention.head_count", uint32(config.heads));
  own("attention.head_count_kv", uint32(config.kvHeads));
  own("rope.freq_base", float32(config.ropeTheta));
  own("attention.layer_norm_rms_epsilon", float32(config.normEpsilon));
  if (architecture !== "qwen2") {
    own("attention.key_length", uint32(config.headSize));
    own("attention.value_length", uint32(config.headSize));
  }
  values.set("general.file_type", uint32(FILE_TYPE_MOSTLY_F16));
  if (architecture === "llama") {
    own("vocab_size", uint32(config.vocabSize));
    own("rope.dimension_count", uint32(config.headSize));
  }
  values.set("general.quantization_version", uint32(QUANTIZATION_VERSION));
  return values;
}

/** A number of parameters in two digits or more: 1.3M, 135M, 1.5B. */
function sizeLabel(parameters: number): string {
  const units: [number, string][] = [
    [1e12, "T"],
    [1e9, "B"],
    [1e6, "M"],
    [1e3, "K"],
  ];
  const [unit, letter] = units.find(([size]) => parameters > size) ?? [1e3, "K"];
  const scaled = parameters / unit;
  const wholeDigits = Math.round(scaled) === 0 ? 0 : String(Math.round(scaled)).length;
  return scaled.toFixed(Math.max(0, 2 - wholeDigits)) + letter;
}
