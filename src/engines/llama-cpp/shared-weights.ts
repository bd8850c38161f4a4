import { stat } from "node:fs/promises";
import { inBackground, type LlamaLibrary, type Pointer } from "./library.js";

/** Weights in memory, and how many use them. */
export type Weights = { key: string; model: Pointer; onGpu: boolean; users: number };

const ALL_LAYERS = -1;

/** The weights of GGUF files, each in memory once, however often it is loaded. */
export class SharedWeights {
  readonly #library: LlamaLibrary;
  readonly #loading = new Map<string, Promise<Weights | undefined>>();

  constructor(library: LlamaLibrary) {
    this.#library = library;
  }

  /** Whether the weights of a file are in memory, on the processor or the GPU. */
  async has(path: string): Promise<boolean> {
    return this.#loading.has(await keyOf(path, false)) || this.#loading.has(await keyOf(path, true));
  }

  /** The weights of a file, to be given back; undefined where llama.cpp cannot load them. */
  async take(path: string, onGpu: boolean): Promise<Weights | undefined> {
    const key = await keyOf(path, onGpu);
    const loading = this.#loading.get(key) ?? this.#load(path, key, onGpu);
    this.#loading.set(key, loading);
    const weights = await loading;
    if (weights) weights.users += 1;
    else this.#loading.delete(key);
    return weights;
  }

  giveBack(weights: Weights): void {
    weights.users -= 1;
    if (weights.users > 0) return;
    this.#loading.delete(weights.key);
    this.#library.modelFree(weights.model);
  }

  async #load(path: string, key: string, onGpu: boolean): Promise<Weights | undefined> {
    const model = await inBackground(this.#library.modelLoad, path, {
      ...this.#library.modelDefaultParams(),
      n_gpu_layers: onGpu ? ALL_LAYERS : 0,
    });
    return model === null ? undefined : { key, model, onGpu, users: 0 };
  }
}

/** Another one when the file was made anew. */
async function keyOf(path: string, onGpu: boolean): Promise<string> {
  const { ino, size, mtimeMs } = await stat(path);
  return JSON.stringify([path, ino, size, mtimeMs, onGpu]);
}
