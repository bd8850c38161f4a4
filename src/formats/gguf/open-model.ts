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
 * Also asked before llama.cpp loads a file: it ends the whole process where metadata have a type that it does not
 * expect or a token is there twice.
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

/** As `openGgufModel`, of a file that somebody else reads. */
export async function checkGgufModel(path: string, stage: string): Promise<void> {
  const { file } = await openGgufModel(path, stage);
  await file.close();
}
