import { basename } from "node:path";
import { Unavailable, Unsupported } from "../../errors.js";
import { checkGgufAdapter } from "../../formats/gguf/check-adapter.js";
import { checkGgufModel } from "../../formats/gguf/open-model.js";
import type { ServingHost, ServingModel } from "../ports.js";
import { createDecoder } from "./decoder.js";
import { createEmbedder } from "./embedder.js";
import { openGrammar } from "./grammar.js";
import { jsonGrammar } from "./json-grammar.js";
import { inBackground, type LlamaLibrary, openLibrary, type Pointer } from "./library.js";
import { memoryNeed } from "./memory-need.js";
import { createModel } from "./model.js";
import { type Row, Scheduler } from "./scheduler.js";
import { SharedWeights, type Weights } from "./shared-weights.js";
import { readProcessorTime, ThreadCount } from "./thread-count.js";
import { Turns } from "./turns.js";

const STAGE = "model";
/** Tokens computed in one step: enough for full speed, few enough that an abort is noticed soon. */
const STEP_ROWS = 256;
/** Logits kept of one step: 64 rows of a vocabulary of 150,000 take 38 MB. */
const STEP_OUTPUTS = 64;
/** llama.cpp rounds a sequence's room up to this. */
const CONTEXT_MULTIPLE = 256;

/** A host of GGUF models in this process, by llama.cpp, on the GPU where it has one and the model fits. */
export async function createHost(): Promise<ServingHost> {
  const library = await openLibrary(STAGE);
  const models = new Set<ServingModel>();
  const weights = new SharedWeights(library);
  // llama.cpp's threads spin as they wait for each other: steps of two models at once would starve each other.
  const turns = new Turns();
  // With a GPU the processors have little to do.
  const threads = library.gpu === false ? new ThreadCount(library.threads, readProcessorTime) : undefined;
  return {
    gpu: library.gpu === false ? null : library.gpu,
    load: async (ggufPath, options, run = {}) => {
      const { contextTokens, sequences, adapter } = options;
      if (sequences < 1 || sequences > STEP_OUTPUTS) throw new TypeError(`sequences: 1 to ${STEP_OUTPUTS}`);
      // llama.cpp's own messages are not for people, and some files make it end the process.
      await checkGgufModel(ggufPath, STAGE);
      if (adapter !== undefined) await checkGgufAdapter(adapter, ggufPath, STAGE);
      const file = basename(ggufPath);
      run.signal?.throwIfAborted();
      const room = Math.ceil(contextTokens / CONTEXT_MULTIPLE) * CONTEXT_MULTIPLE;
      const parameters = contextParameters(library, room, sequences);
      const native =
        (library.gpu === false
          ? undefined
          : await openNative(weights, library, ggufPath, parameters, true)) ??
        (await openNative(weights, library, ggufPath, parameters, false));
      if (!native) {
        throw new Unavailable(
          `${STAGE} ${file}: llama.cpp could not load it. Free memory, or make the file again.`,
          { stage: STAGE, path: file },
        );
      }
      const { context } = native;
      const { model: pointer } = native.weights;
      const release = (): void => {
        library.contextFree(context);
        weights.giveBack(native.weights);
      };
      const added = adapter === undefined ? undefined : await addAdapter(library, pointer, context, adapter);
      if (added === null) {
        release();
        const name = basename(adapter!);
        throw new Unsupported(
          `${STAGE} ${name}: llama.cpp cannot add it to ${file}. Make it again for this model.`,
          {
            stage: STAGE,
            path: name,
          },
        );
      }
      const vocab = library.vocab(pointer);
      const vocabularySize = library.vocabSize(vocab);
      const decoder = createDecoder(library, context, vocabularySize, STEP_ROWS, threads);
      const inTurn = { ...decoder, decode: (rows: readonly Row[]) => turns.take(() => decoder.decode(rows)) };
      const embedder = createEmbedder(library, pointer, contextParameters(library, room, 1, STEP_OUTPUTS), {
        rows: STEP_OUTPUTS,
        vocabularySize,
        turns,
      });
      const model = createModel({
        scheduler: new Scheduler(inTurn, { sequences, rows: STEP_ROWS, outputs: STEP_OUTPUTS }),
        vocabularySize,
        contextTokens,
        stage: STAGE,
        file,
        tokenize: (text, special) => tokenize(library, vocab, text, special),
        openGrammar: (gbnf, stops) => openGrammar(library, vocab, vocabularySize, gbnf, stops),
        embed: (tokens, inner) => embedder.embed(tokens, inner),
        free: async () => {
          models.delete(model);
          await embedder.free();
          decoder.free();
          library.contextFree(context);
          if (added !== undefined) library.adapterFree(added);
          weights.giveBack(native.weights);
        },
      });
      models.add(model);
      return model;
    },
    memoryBytes: async (ggufPath, options) =>
      memoryNeed(ggufPath, options, {
        rows: STEP_ROWS,
        outputs: STEP_OUTPUTS,
        weightsThere: await weights.has(ggufPath),
      }),
    jsonGrammar: (schema) => jsonGrammar(library, schema),
    close: async () => {
      for (const model of models) await model.close();
    },
  };
}

function contextParameters(
  library: LlamaLibrary,
  contextTokens: number,
  sequences: number,
  rows = STEP_ROWS,
) {
  return {
    ...library.contextDefaultParams(),
    n_ctx: contextTokens * sequences,
    n_batch: rows,
    n_ubatch: rows,
    n_seq_max: sequences,
    n_outputs_max: STEP_OUTPUTS,
    n_outputs_max_per_seq: STEP_OUTPUTS,
    n_threads: library.threads,
    n_threads_batch: library.threads,
  };
}

/** Takes weights and makes room for sequences; undefined where llama.cpp cannot. */
async function openNative(
  shared: SharedWeights,
  library: LlamaLibrary,
  path: string,
  parameters: ReturnType<typeof contextParameters>,
  onGpu: boolean,
): Promise<{ weights: Weights; context: Pointer } | undefined> {
  const weights = await shared.take(path, onGpu);
  if (!weights) return undefined;
  const all = { ...parameters, offload_kqv: onGpu, op_offload: onGpu };
  const context = await inBackground(library.contextInit, weights.model, all);
  if (context !== null) return { weights, context };
  shared.giveBack(weights);
  return undefined;
}

/** Adds an adapter at its full strength to what a context computes; null where llama.cpp refuses it. */
async function addAdapter(
  library: LlamaLibrary,
  model: Pointer,
  context: Pointer,
  path: string,
): Promise<Pointer | null> {
  const adapter = await inBackground(library.adapterInit, model, path);
  if (adapter === null) return null;
  if (library.setAdapters(context, BigUint64Array.of(adapter), 1, Float32Array.of(1)) === 0) return adapter;
  library.adapterFree(adapter);
  return null;
}

function tokenize(library: LlamaLibrary, vocab: Pointer, text: string, special: boolean): number[] {
  const bytes = Buffer.from(text);
  // A token stands for at least one byte, so there is always room.
  const tokens = new Int32Array(bytes.length + 1);
  const count = library.tokenize(vocab, bytes, bytes.length, tokens, tokens.length, false, special);
  if (count < 0) throw new Error(`internal: llama_tokenize needs ${-count} tokens for ${bytes.length} bytes`);
  return [...tokens.subarray(0, count)];
}
