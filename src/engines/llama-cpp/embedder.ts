import { Unavailable } from "../../errors.js";
import type { Run } from "../../progress.js";
import { createDecoder } from "./decoder.js";
import { inBackground, type LlamaLibrary, type Pointer } from "./library.js";
import type { Turns } from "./turns.js";

/** The mean of a text's last hidden states, in a context of its own, which is made when the first text comes. */
export type Embedder = {
  embed(tokens: readonly number[], run: Run): Promise<Float32Array>;
  free(): Promise<void>;
};

/**
 * @param params of the model's other context; one sequence is enough here
 * @param rows tokens a step, all of whose states are kept
 */
export function createEmbedder(
  library: LlamaLibrary,
  model: Pointer,
  params: object,
  { rows, vocabularySize, turns }: { rows: number; vocabularySize: number; turns: Turns },
): Embedder {
  const size = library.embeddingSize(model);
  let opened: Promise<{ context: Pointer; decoder: ReturnType<typeof createDecoder> }> | undefined;
  const open = async () => {
    const all = { ...library.contextDefaultParams(), ...params, embeddings: true, pooling_type: NO_POOLING };
    const context = await inBackground(library.contextInit, model, all);
    if (context === null) {
      throw new Unavailable("model embeddings: llama.cpp has no memory for them. Free some.", {
        stage: "model",
      });
    }
    return { context, decoder: createDecoder(library, context, vocabularySize, rows, undefined) };
  };
  /** Texts one after the other, as they share one sequence. */
  let last: Promise<unknown> = Promise.resolve();

  const embed = async (tokens: readonly number[], run: Run): Promise<Float32Array> => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    const { context, decoder } = await opened;
    const mean = new Float64Array(size);
    decoder.forget(0, 0);
    for (let from = 0; from < tokens.length; from += rows) {
      run.signal?.throwIfAborted();
      const step = tokens.slice(from, from + rows);
      await turns.take(() =>
        decoder.decode(step.map((token, at) => ({ token, position: from + at, sequence: 0, output: true }))),
      );
      for (const at of step.keys()) {
        const state = new Float32Array(library.view(library.embeddings(context, at)!, 4 * size));
        for (let index = 0; index < size; index += 1) mean[index]! += state[index]! / tokens.length;
      }
    }
    return Float32Array.from(mean);
  };

  return {
    embed: (tokens, run) => {
      const result = last.then(() => embed(tokens, run));
      last = result.catch(() => {});
      return result;
    },
    free: async () => {
      await last;
      const parts = await opened;
      parts?.decoder.free();
      if (parts) library.contextFree(parts.context);
    },
  };
}

/** LLAMA_POOLING_TYPE_NONE: the states of all tokens. */
const NO_POOLING = 0;
