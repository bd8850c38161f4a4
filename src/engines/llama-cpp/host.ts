import { basename } from "node:path";
import { Unavailable } from "../../errors.js";
import { checkGgufAdapter } from "../../formats/gguf/check-adapter.js";
import { checkGgufModel } from "../../formats/gguf/open-model.js";
import type { ServingHost, ServingModel } from "../ports.js";
import { createDecoder } from "./decoder.js";
import { createEmbedder } from "./embedder.js";
import { createGrammars, type Grammars } from "./grammar.js";
import { jsonGrammar } from "./json-grammar.js";
import { type LlamaLibrary, openLibrary, type Pointer } from "./library.js";
import { memoryNeed } from "./memory-need.js";
import { createModel } from "./model.js";
import { openNativeModel } from "./native-model.js";
import { type Row, Scheduler } from "./scheduler.js";
import { SharedWeights } from "./shared-weights.js";
import { readProcessorTime, ThreadCount } from "./thread-count.js";
import { Turns } from "../../turns.js";

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
      run.signal?.throwIfAborted();
      const room = Math.ceil(contextTokens / CONTEXT_MULTIPLE) * CONTEXT_MULTIPLE;
      const open = async (onGpu: boolean) => {
        const native = await openNativeModel(library, weights, { gguf: ggufPath, adapter }, onGpu);
        const context = await native?.openContext(parameters(library, room, sequences, STEP_ROWS));
        if (native && context != null) return { native, context };
        native?.free();
        return undefined;
      };
      const opened = (library.gpu === false ? undefined : await open(true)) ?? (await open(false));
      const file = basename(ggufPath);
      if (!opened) {
        throw new Unavailable(
          `${STAGE} ${file}: llama.cpp could not load it. Free memory, or make the file again.`,
          { stage: STAGE, path: file },
        );
      }
      const { native, context } = opened;
      const vocab = library.vocab(native.model);
      const vocabularySize = library.vocabSize(vocab);
      const decoder = createDecoder(library, context, vocabularySize, STEP_ROWS, threads);
      const inTurn = { ...decoder, decode: (rows: readonly Row[]) => turns.take(() => decoder.decode(rows)) };
      const embedder = createEmbedder(library, native, parameters(library, room, 1, STEP_OUTPUTS), {
        rows: STEP_OUTPUTS,
        vocabularySize,
        threads,
        turns,
      });
      let grammars: Grammars | undefined;
      const model = createModel({
        scheduler: new Scheduler(inTurn, { sequences, rows: STEP_ROWS, outputs: STEP_OUTPUTS }),
        vocabularySize,
        contextTokens,
        stage: STAGE,
        file,
        tokenize: (text, special) => tokenize(library, vocab, text, special),
        openGrammar: (gbnf, stops) => {
          grammars ??= createGrammars(library, vocab, vocabularySize);
          return grammars.open(gbnf, stops);
        },
        embed: (tokens, inner) => embedder.embed(tokens, inner),
        free: async () => {
          models.delete(model);
          await embedder.close();
          grammars?.free();
          decoder.free();
          library.contextFree(context);
          native.free();
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

/** @param rows tokens of a step, of all sequences together */
function parameters(library: LlamaLibrary, contextTokens: number, sequences: number, rows: number) {
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

function tokenize(library: LlamaLibrary, vocab: Pointer, text: string, special: boolean): number[] {
  const bytes = Buffer.from(text);
  // A token stands for at least one byte, so there is always room.
  const tokens = new Int32Array(bytes.length + 1);
  const count = library.tokenize(vocab, bytes, bytes.length, tokens, tokens.length, false, special);
  if (count < 0) throw new Error(`internal: llama_tokenize needs ${-count} tokens for ${bytes.length} bytes`);
  return [...tokens.subarray(0, count)];
}
