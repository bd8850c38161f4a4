import { basename } from "node:path";
import { Unsupported } from "../../errors.js";
import { inBackground, type LlamaLibrary, type Pointer, type Struct } from "./library.js";
import type { SharedWeights } from "./shared-weights.js";
import type { CONTEXT_PARAMS } from "./structs.js";

/** Weights, and the adapter that is added to them, for whatever computes with them. */
export type NativeModel = {
  model: Pointer;
  /** To be freed before the model; null where llama.cpp has no memory for it. */
  openContext(params: Struct<typeof CONTEXT_PARAMS>): Promise<Pointer | null>;
  free(): void;
};

/**
 * Takes weights, and reads an adapter for them.
 *
 * @returns undefined where llama.cpp cannot load the weights
 * @throws {Unsupported} llama.cpp cannot add the adapter
 */
export async function openNativeModel(
  library: LlamaLibrary,
  shared: SharedWeights,
  paths: { gguf: string; adapter: string | undefined },
  onGpu: boolean,
): Promise<NativeModel | undefined> {
  const weights = await shared.take(paths.gguf, onGpu);
  if (!weights) return undefined;
  const { model } = weights;
  // Before any context, whose graphs have room for the adapters that are there then.
  const adapter =
    paths.adapter === undefined ? undefined : await inBackground(library.adapterInit, model, paths.adapter);
  if (adapter === null) {
    shared.giveBack(weights);
    const path = basename(paths.adapter!);
    const message = `model ${path}: llama.cpp cannot add it to ${basename(paths.gguf)}. Make it again for this model.`;
    throw new Unsupported(message, { stage: "model", path });
  }
  return {
    model,
    openContext: async (params) => {
      const where = { offload_kqv: onGpu, op_offload: onGpu };
      const context = await inBackground(library.contextInit, model, { ...params, ...where });
      if (context === null || adapter === undefined) return context;
      const failed = library.setAdapters(context, BigUint64Array.of(adapter), 1, Float32Array.of(1));
      if (failed !== 0) throw new Error(`internal: llama_set_adapters_lora returned ${failed}`);
      return context;
    },
    free: () => {
      if (adapter !== undefined) library.adapterFree(adapter);
      shared.giveBack(weights);
    },
  };
}
