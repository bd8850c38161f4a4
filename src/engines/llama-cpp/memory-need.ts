import { stat } from "node:fs/promises";
import { openGgufModel } from "../../formats/gguf/open-model.js";
import type { LoadOptions } from "../ports.js";

/** Keys and values are float16. */
const CACHE_BYTES = 2;
/** What llama.cpp takes for its graphs beside the rows, measured: 20 to 40 MB. */
const GRAPH_BYTES = 32 * 2 ** 20;

/**
 * About how much memory a load takes: weights unless they are there, keys and values, and what a step computes with.
 *
 * @param rows tokens that a step computes at most
 * @param outputs of them those whose logits are kept
 */
export async function memoryNeed(
  path: string,
  { contextTokens, sequences, adapter }: LoadOptions,
  { rows, outputs, weightsThere }: { rows: number; outputs: number; weightsThere: boolean },
): Promise<number> {
  const { file, config } = await openGgufModel(path, "model");
  await file.close();
  const sizes = [...(weightsThere ? [] : [path]), ...(adapter === undefined ? [] : [adapter])];
  const weights = await Promise.all(sizes.map(async (each) => (await stat(each)).size));
  const { layers, kvHeads, headSize, hiddenSize, ffnSize, vocabSize } = config;
  const cache = 2 * layers * kvHeads * headSize * CACHE_BYTES * contextTokens * sequences;
  const step = 4 * (rows * (6 * hiddenSize + 3 * ffnSize) + 2 * outputs * vocabSize);
  return weights.reduce((sum, size) => sum + size, 0) + cache + step + GRAPH_BYTES;
}
