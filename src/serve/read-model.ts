import { openGgufModel } from "../formats/gguf/open-model.js";
import { type Codec, codecOfGguf } from "../formats/template/codec.js";

/** What a GGUF's header says of how to talk with the model: its codec, and the longest conversation it was trained on. */
export async function readModel(path: string): Promise<{ codec: Codec; contextTokens: number }> {
  const { file, config } = await openGgufModel(path, "serve");
  try {
    return { codec: codecOfGguf(file.metadata, "serve", file.name), contextTokens: config.contextTokens };
  } finally {
    await file.close();
  }
}
