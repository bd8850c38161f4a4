import { Unsupported } from "../../errors.js";
import { checkTensors } from "../check-tensors.js";
import { type ModelConfig, parseModelConfig } from "../model-config.js";
import { type TokenizerFiles, tokenizerFromGguf } from "../tokenizer/from-gguf.js";
import { type ModelTensor, modelTensors } from "./layout.js";
import { type GgufFile, openGguf } from "./read.js";
import { ROPE_FREQS } from "./rope-freqs.js";
import { type HuggingFaceConfig, huggingFaceConfig } from "./to-config.js";

/** An open GGUF file that holds a whole model which we know, with what its metadata say in Hugging Face's form. */
export type GgufModel = {
  file: GgufFile;
  files: HuggingFaceConfig & { tokenizer: TokenizerFiles };
  config: ModelConfig;
  /** In the order of the layers. */
  tensors: ModelTensor[];
};

/**
 * Opens a GGUF file and checks that it is a whole llama, qwen2 or qwen3 model: its numbers, its vocabulary and every tensor's
 * shape. No weights are read.
 *
 * @throws {Unavailable} there is no such file
 * @throws {MalformedInput} the file is broken
 * @throws {Unsupported} another architecture, or a tensor or a vocabulary that we do not know
 */
export async function openGgufModel(path: string, stage: string): Promise<GgufModel> {
  const file = await openGguf(path, stage);
  try {
    const ropeFreqs = file.tensors.has(ROPE_FREQS) ? await file.readFloat32(ROPE_FREQS) : null;
    const configs = huggingFaceConfig(file, stage, ropeFreqs);
    const config = parseModelConfig(configs.config, stage);
    const tensors = modelTensors(config);
    const byGgufName = tensors.map(({ ggufName, shape }) => ({ name: ggufName, shape }));
    checkTensors(file.tensors, byGgufName, file.name, stage, (name) => name === ROPE_FREQS);
    const tokenizer = tokenizerFromGguf(file.metadata, stage, file.name);
    return { file, files: { ...configs, tokenizer }, config, tensors };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** llama.cpp computes on the mapped file. */
const LEAST_ALIGNMENT = 32;
/** Types that llama.cpp multiplies no matrix of. */
const NOT_COMPUTED = new Set(["I8", "I16", "I32", "I64", "F64", "Q8_1", "Q8_K"]);

/**
 * As `openGgufModel`, of a file that llama.cpp is to read. It ends the whole process where metadata have
 * a type that it does not expect, a token is there twice or tensors lie askew, and at the first token where a vector or a matrix has a
 * type that it does not compute with.
 *
 * @throws {Unsupported} there is such a tensor, too
 */
export async function checkGgufModel(path: string, stage: string): Promise<void> {
  const { file } = await openGgufModel(path, stage);
  await file.close();
  const refuse = (what: string): never => {
    const message = `${stage} ${file.name}: ${what}. Make the file again.`;
    throw new Unsupported(message, { stage, path: file.name });
  };
  const alignment = file.metadata.get("general.alignment")?.value ?? LEAST_ALIGNMENT;
  if (Number(alignment) % LEAST_ALIGNMENT !== 0) {
    refuse(`its tensors lie at multiples of ${Number(alignment)} bytes (llama.cpp wants ${LEAST_ALIGNMENT})`);
  }
  for (const { name, type, shape } of file.tensors.values()) {
    const computed = shape.length === 1 ? type === "F32" : !NOT_COMPUTED.has(type);
    if (!computed) refuse(`tensor "${name}" has the type ${type}, which llama.cpp does not compute with`);
  }
}
