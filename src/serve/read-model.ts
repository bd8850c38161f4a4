import { openGgufModel } from "../formats/gguf/open-model.js";
import { type Codec, codecOfGguf } from "../formats/template/codec.js";

/** What is read of a GGUF before its model is served. */
export type ModelHeader = {
  codec: Codec;
  /** The longest conversation that it was trained on. */
  contextTokens: number;
  /** Whether a matrix is rounded to fewer bits than a half float has. */
  quantized: boolean;
};

const FLOATS = new Set(["F32", "F16", "BF16"]);

/** What a GGUF's header says of how to talk with its model. */
export async function readModel(path: string): Promise<ModelHeader> {
  const { file, config } = await openGgufModel(path, "serve");
  try {
    return {
      codec: codecOfGguf(file.metadata, "serve", file.name),
      contextTokens: config.contextTokens,
      quantized: [...file.tensors.values()].some(({ type }) => !FLOATS.has(type)),
    };
  } finally {
    await file.close();
  }
}
