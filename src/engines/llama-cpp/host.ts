import { basename } from "node:path";
import { Unavailable } from "../../errors.js";
import { checkGgufModel } from "../../formats/gguf/open-model.js";
import type { LoadedModel, ModelHost } from "../ports.js";
import { createDecoder } from "./decoder.js";
import { inBackground, type LlamaLibrary, openLibrary, type Pointer } from "./library.js";
import { createModel } from "./model.js";
import { Scheduler } from "./scheduler.js";
import { readProcessorTime, ThreadCount } from "./thread-count.js";

const STAGE = "model";
/** Tokens computed in one step: enough for full speed, few enough that an abort is noticed soon. */
const STEP_ROWS = 256;
/** Logits kept of one step: 64 rows of a vocabulary of 150,000 take 38 MB. */
const STEP_OUTPUTS = 64;
const ALL_LAYERS = -1;
/** llama.cpp rounds a sequence's room up to this. */
const CONTEXT_MULTIPLE = 256;

/** A host of GGUF models in this process, by llama.cpp, on the GPU where it has one and the model fits. */
export async function createHost(): Promise<ModelHost> {
  const library = await openLibrary(STAGE);
  const models = new Set<LoadedModel>();
  // With a GPU the processors have little to do.
  const threads = library.gpu === false ? new ThreadCount(library.threads, readProcessorTime) : undefined;
  return {
    gpu: library.gpu === false ? null : library.gpu,
    load: async (ggufPath, { contextTokens, sequences }, run = {}) => {
      if (sequences < 1 || sequences > STEP_OUTPUTS) throw new TypeError(`sequences: 1 to ${STEP_OUTPUTS}`);
      // llama.cpp's own messages are not for people, and some files make it end the process.
      await checkGgufModel(ggufPath, STAGE);
      const file = basename(ggufPath);
      run.signal?.throwIfAborted();
      const room = Math.ceil(contextTokens / CONTEXT_MULTIPLE) * CONTEXT_MULTIPLE;
      const native =
        (library.gpu === false ? undefined : await openNative(library, ggufPath, room, sequences, true)) ??
        (await openNative(library, ggufPath, room, sequences, false));
      if (!native) {
        throw new Unavailable(
          `${STAGE} ${file}: llama.cpp could not load it. Free memory, or make the file again.`,
          { stage: STAGE, path: file },
        );
      }
      const vocab = library.vocab(native.model);
      const vocabularySize = library.vocabSize(vocab);
      const decoder = createDecoder(library, native.context, vocabularySize, STEP_ROWS, threads);
      const model = createModel({
        scheduler: new Scheduler(decoder, { sequences, rows: STEP_ROWS, outputs: STEP_OUTPUTS }),
        vocabularySize,
        contextTokens,
        stage: STAGE,
        file,
        tokenize: (text, special) => tokenize(library, vocab, text, special),
        free: () => {
          models.delete(model);
          decoder.free();
          library.contextFree(native.context);
          library.modelFree(native.model);
        },
      });
      models.add(model);
      return model;
    },
    close: async () => {
      for (const model of models) await model.close();
    },
  };
}

/** Loads weights and makes room for sequences; undefined where llama.cpp cannot. */
async function openNative(
  library: LlamaLibrary,
  path: string,
  contextTokens: number,
  sequences: number,
  onGpu: boolean,
): Promise<{ model: Pointer; context: Pointer } | undefined> {
  const model = await inBackground(library.modelLoad, path, {
    ...library.modelDefaultParams(),
    n_gpu_layers: onGpu ? ALL_LAYERS : 0,
  });
  if (model === null) return undefined;
  const context = await inBackground(library.contextInit, model, {
    ...library.contextDefaultParams(),
    n_ctx: contextTokens * sequences,
    n_batch: STEP_ROWS,
    n_ubatch: STEP_ROWS,
    n_seq_max: sequences,
    n_outputs_max: STEP_OUTPUTS,
    n_outputs_max_per_seq: STEP_OUTPUTS,
    n_threads: library.threads,
    n_threads_batch: library.threads,
    offload_kqv: onGpu,
    op_offload: onGpu,
  });
  if (context !== null) return { model, context };
  library.modelFree(model);
  return undefined;
}

function tokenize(library: LlamaLibrary, vocab: Pointer, text: string, special: boolean): number[] {
  const bytes = Buffer.from(text);
  // A token stands for at least one byte, so there is always room.
  const tokens = new Int32Array(bytes.length + 1);
  const count = library.tokenize(vocab, bytes, bytes.length, tokens, tokens.length, false, special);
  if (count < 0) throw new Error(`internal: llama_tokenize needs ${-count} tokens for ${bytes.length} bytes`);
  return [...tokens.subarray(0, count)];
}
