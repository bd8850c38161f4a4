import { Unavailable } from "../../errors.js";
import type { Run } from "../../progress.js";
import { closedModel } from "./closed-model.js";
import { createDecoder } from "./decoder.js";
import type { LlamaLibrary, Pointer, Struct } from "./library.js";
import type { NativeModel } from "./native-model.js";
import type { CONTEXT_PARAMS } from "./structs.js";
import type { ThreadCount } from "./thread-count.js";
import { Turns } from "../../turns.js";

/** The mean of a text's last hidden states, in a context of its own, which is made when the first text comes. */
export type Embedder = {
  embed(tokens: readonly number[], run: Run): Promise<Float32Array>;
  /** Ends what is being computed. */
  close(): Promise<void>;
};

/** LLAMA_POOLING_TYPE_NONE: the states of all tokens. llama.cpp's own mean wants a text in one step, however long. */
const NO_POOLING = 0;

/**
 * @param params of a context with one sequence
 * @param limits `rows`: tokens a step, all of whose states are kept
 */
export function createEmbedder(
  library: LlamaLibrary,
  native: NativeModel,
  params: Struct<typeof CONTEXT_PARAMS>,
  limits: { rows: number; vocabularySize: number; threads: ThreadCount | undefined; turns: Turns },
): Embedder {
  const { rows, vocabularySize, threads, turns } = limits;
  const size = library.embeddingSize(native.model);
  let opened: Promise<{ context: Pointer; decoder: ReturnType<typeof createDecoder> }> | undefined;
  let closed = false;
  /** Texts one after the other, as they share one sequence. */
  const texts = new Turns();

  const open = async () => {
    const context = await native.openContext({ ...params, embeddings: true, pooling_type: NO_POOLING });
    if (context === null) {
      throw new Unavailable("model embeddings: llama.cpp has no memory for them. Free some.", {
        stage: "model",
      });
    }
    return { context, decoder: createDecoder(library, context, vocabularySize, rows, threads) };
  };

  const embed = async (tokens: readonly number[], run: Run): Promise<Float32Array> => {
    if (closed) throw closedModel();
    run.signal?.throwIfAborted();
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    const { context, decoder } = await opened;
    const mean = new Float64Array(size);
    decoder.forget(0, 0);
    for (let from = 0; from < tokens.length; from += rows) {
      if (closed) throw closedModel();
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
    embed: (tokens, run) => texts.take(() => embed(tokens, run)),
    close: async () => {
      closed = true;
      await texts.take(async () => {
        const parts = await opened;
        parts?.decoder.free();
        if (parts) library.contextFree(parts.context);
      });
    },
  };
}
