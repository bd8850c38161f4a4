import { availableParallelism } from "node:os";
import type { KoffiFunc } from "koffi";
import type { GbnfJsonBasicSchema } from "node-llama-cpp";
import { Unavailable, Unsupported } from "../../errors.js";
import { type DecodeStep, DecodeThread } from "./decode-thread.js";
import { BATCH, CONTEXT_PARAMS, MODEL_PARAMS, QUANTIZE_PARAMS, RELEASE } from "./structs.js";

/** A C pointer; null where llama.cpp returned none. */
export type Pointer = bigint;

/** A C struct as koffi hands it over: field by field; numbers, booleans and pointers. */
export type Struct<Layout> = { [Field in keyof Layout]: number | boolean | Pointer | null };

/** The functions of libllama that we call, under their own names without the prefix `llama_`. */
export type LlamaLibrary = {
  /** The compute layer in use: `false` is the processor. */
  gpu: string | false;
  /** Threads that are worth using. */
  threads: number;
  /** The memory behind a pointer; valid as long as llama.cpp keeps it. */
  view: (pointer: Pointer, bytes: number) => ArrayBuffer;
  /** Memory that stays where it is until it is released. */
  alloc: (bytes: number) => Pointer;
  release: (pointer: Pointer) => void;
  /** GBNF of a JSON Schema in the words that node-llama-cpp takes. */
  jsonSchemaGrammar: (schema: object) => Promise<string>;
  modelDefaultParams: KoffiFunc<() => Struct<typeof MODEL_PARAMS>>;
  modelLoad: KoffiFunc<(path: string, params: Struct<typeof MODEL_PARAMS>) => Pointer | null>;
  modelFree: KoffiFunc<(model: Pointer) => void>;
  contextDefaultParams: KoffiFunc<() => Struct<typeof CONTEXT_PARAMS>>;
  contextInit: KoffiFunc<(model: Pointer, params: Struct<typeof CONTEXT_PARAMS>) => Pointer | null>;
  contextFree: KoffiFunc<(context: Pointer) => void>;
  vocab: KoffiFunc<(model: Pointer) => Pointer>;
  vocabSize: KoffiFunc<(vocab: Pointer) => number>;
  tokenize: KoffiFunc<
    (
      vocab: Pointer,
      text: Uint8Array,
      bytes: number,
      tokens: Int32Array,
      room: number,
      addSpecial: boolean,
      parseSpecial: boolean,
    ) => number
  >;
  memory: KoffiFunc<(context: Pointer) => Pointer>;
  memoryRemove: KoffiFunc<(memory: Pointer, sequence: number, from: number, to: number) => boolean>;
  batchInit: KoffiFunc<(tokens: number, embeddings: number, sequences: number) => Struct<typeof BATCH>>;
  batchFree: KoffiFunc<(batch: Struct<typeof BATCH>) => void>;
  setThreads: KoffiFunc<(context: Pointer, threads: number, batchThreads: number) => void>;
  decode: (step: DecodeStep) => Promise<number>;
  logits: KoffiFunc<(context: Pointer, row: number) => Pointer | null>;
  /** The hidden state after a row of the last decode. */
  embeddings: KoffiFunc<(context: Pointer, row: number) => Pointer | null>;
  embeddingSize: KoffiFunc<(model: Pointer) => number>;
  adapterInit: KoffiFunc<(model: Pointer, path: string) => Pointer | null>;
  adapterFree: KoffiFunc<(adapter: Pointer) => void>;
  setAdapters: KoffiFunc<
    (context: Pointer, adapters: BigUint64Array, count: number, scales: Float32Array) => number
  >;
  isEnd: KoffiFunc<(vocab: Pointer, token: number) => boolean>;
  grammarInit: KoffiFunc<(vocab: Pointer, gbnf: string, root: string) => Pointer | null>;
  samplerApply: KoffiFunc<(sampler: Pointer, candidates: Pointer) => void>;
  samplerAccept: KoffiFunc<(sampler: Pointer, token: number) => void>;
  samplerFree: KoffiFunc<(sampler: Pointer) => void>;
  quantizeDefaultParams: KoffiFunc<() => Struct<typeof QUANTIZE_PARAMS>>;
  quantize: KoffiFunc<(source: string, target: string, params: Struct<typeof QUANTIZE_PARAMS>) => number>;
};

let opening: Promise<LlamaLibrary> | undefined;

/**
 * llama.cpp in this process, from the prebuilt package that node-llama-cpp picks for this machine; nothing is built or
 * downloaded. One per process: node-llama-cpp finds and loads the library and its compute layers, and keeps their log
 * lines from the terminal; we then call the same loaded library.
 *
 * @param stage the stage word, for errors
 * @throws {Unavailable} no prebuilt package for this machine is installed
 * @throws {Unsupported} another release of llama.cpp than the one whose layouts we know
 */
export async function openLibrary(stage: string): Promise<LlamaLibrary> {
  opening ??= open(stage);
  try {
    return await opening;
  } catch (error) {
    opening = undefined;
    throw error;
  }
}

/** Calls a native function on another thread, so that this one goes on. */
export function inBackground<Arguments extends unknown[], Result>(
  call: KoffiFunc<(...args: Arguments) => Result>,
  ...args: Arguments
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const settle = (error: Error | null, result: Result) => (error ? reject(error) : resolve(result));
    (call.async as (...all: [...Arguments, typeof settle]) => void)(...args, settle);
  });
}

async function open(stage: string): Promise<LlamaLibrary> {
  const { getLlama, LlamaLogLevel } = await import("node-llama-cpp");
  const llama = await getLlama({
    gpu: "auto",
    build: "never",
    skipDownload: true,
    progressLogs: false,
    logLevel: LlamaLogLevel.disabled,
  }).catch((cause: unknown) => {
    const machine = `${process.platform}-${process.arch}`;
    throw new Unavailable(
      `${stage} llama.cpp: no working prebuilt package for ${machine}. Run npm install again, without leaving out optional packages.`,
      { stage, cause },
    );
  });
  const { release } = llama.llamaCppRelease;
  if (release !== RELEASE) {
    throw new Unsupported(
      `${stage} llama.cpp: release ${release.slice(0, 40)} is installed (${RELEASE} is needed). Run npm ci in Kouwen's folder.`,
      { stage },
    );
  }
  const koffi = (await import("koffi")).default;
  const path = loadedLibrary(stage);
  const library = koffi.load(path);
  const decodeThread = new DecodeThread(path);
  const model = koffi.struct(MODEL_PARAMS);
  const context = koffi.struct(CONTEXT_PARAMS);
  const batch = koffi.struct(BATCH);
  const quantize = koffi.struct(QUANTIZE_PARAMS);
  type Spec = string | typeof model | ReturnType<typeof koffi.out>;
  const bind = <Call extends (...args: never[]) => unknown>(name: string, result: Spec, args: Spec[]) =>
    library.func(`llama_${name}`, result, args) as unknown as KoffiFunc<Call>;
  return {
    gpu: llama.gpu,
    threads: Math.min(llama.cpuMathCores, availableParallelism()),
    view: (pointer, bytes) => koffi.view(pointer, bytes),
    alloc: (bytes) => koffi.address(koffi.alloc("uint8", bytes)),
    release: (pointer) => koffi.free(pointer),
    jsonSchemaGrammar: async (schema) =>
      (await llama.createGrammarForJsonSchema(schema as GbnfJsonBasicSchema)).grammar,
    modelDefaultParams: bind("model_default_params", model, []),
    modelLoad: bind("model_load_from_file", "void*", ["str", model]),
    modelFree: bind("model_free", "void", ["void*"]),
    contextDefaultParams: bind("context_default_params", context, []),
    contextInit: bind("init_from_model", "void*", ["void*", context]),
    contextFree: bind("free", "void", ["void*"]),
    vocab: bind("model_get_vocab", "void*", ["void*"]),
    vocabSize: bind("vocab_n_tokens", "int32", ["void*"]),
    tokenize: bind("tokenize", "int32", [
      "void*",
      koffi.pointer("uint8"),
      "int32",
      koffi.out(koffi.pointer("int32")),
      "int32",
      "bool",
      "bool",
    ]),
    memory: bind("get_memory", "void*", ["void*"]),
    memoryRemove: bind("memory_seq_rm", "bool", ["void*", "int32", "int32", "int32"]),
    batchInit: bind("batch_init", batch, ["int32", "int32", "int32"]),
    batchFree: bind("batch_free", "void", [batch]),
    setThreads: bind("set_n_threads", "void", ["void*", "int32", "int32"]),
    decode: (step) => decodeThread.decode(step),
    logits: bind("get_logits_ith", "void*", ["void*", "int32"]),
    embeddings: bind("get_embeddings_ith", "void*", ["void*", "int32"]),
    embeddingSize: bind("model_n_embd", "int32", ["void*"]),
    adapterInit: bind("adapter_lora_init", "void*", ["void*", "str"]),
    adapterFree: bind("adapter_lora_free", "void", ["void*"]),
    setAdapters: bind("set_adapters_lora", "int32", [
      "void*",
      koffi.pointer("uint64"),
      "size_t",
      koffi.pointer("float"),
    ]),
    isEnd: bind("vocab_is_eog", "bool", ["void*", "int32"]),
    grammarInit: bind("sampler_init_grammar", "void*", ["void*", "str", "str"]),
    samplerApply: bind("sampler_apply", "void", ["void*", "void*"]),
    samplerAccept: bind("sampler_accept", "void", ["void*", "int32"]),
    samplerFree: bind("sampler_free", "void", ["void*"]),
    quantizeDefaultParams: bind("model_quantize_default_params", quantize, []),
    quantize: bind("model_quantize", "uint32", ["str", "str", koffi.pointer(quantize)]),
  };
}

/** Where the libllama lies that node-llama-cpp loaded, whichever compute layer it chose. */
function loadedLibrary(stage: string): string {
  const { sharedObjects } = process.report.getReport() as unknown as { sharedObjects: string[] };
  const path = sharedObjects.find((each) => /(^|[\\/])(lib)?llama(\.[^\\/]*)?\.(so|dylib|dll)$/.test(each));
  if (path !== undefined) return path;
  throw new Unavailable(
    `${stage} llama.cpp: its library is not among those loaded. Run npm ci in Kouwen's folder.`,
    { stage },
  );
}
