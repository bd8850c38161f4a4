import { stat } from "node:fs/promises";
import { inBackground, type LlamaLibrary, type Pointer } from "./library.js";

/** Weights in memory. */
export type Weights = { key: string; model: Pointer };

/** Weights that somebody uses or waits for. */
type Entry = { loading: Promise<Pointer | null>; users: number };

const ALL_LAYERS = -1;

/** The weights of GGUF files, each in memory once, however often it is loaded. */
export class SharedWeights {
  readonly #library: LlamaLibrary;
  readonly #entries = new Map<string, Entry>();

  constructor(library: LlamaLibrary) {
    this.#library = library;
  }

  /** Whether the weights of a file are in memory, on the processor or the GPU. */
  async has(path: string): Promise<boolean> {
    return this.#entries.has(await keyOf(path, false)) || this.#entries.has(await keyOf(path, true));
  }

  /** The weights of a file, to be given back; undefined where llama.cpp cannot load them. */
  async take(path: string, onGpu: boolean): Promise<Weights | undefined> {
    const key = await keyOf(path, onGpu);
    const entry = this.#entries.get(key) ?? { loading: this.#load(path, onGpu), users: 0 };
    this.#entries.set(key, entry);
    // Counted before they are there, so that nobody else's giving back frees them meanwhile.
    entry.users += 1;
    const model = await entry.loading;
    if (model !== null) return { key, model };
    this.#entries.delete(key);
    return undefined;
  }

  giveBack({ key, model }: Weights): void {
    const entry = this.#entries.get(key)!;
    entry.users -= 1;
    if (entry.users > 0) return;
    this.#entries.delete(key);
    this.#library.modelFree(model);
  }

  #load(path: string, onGpu: boolean): Promise<Pointer | null> {
    return inBackground(this.#library.modelLoad, path, {
      ...this.#library.modelDefaultParams(),
      n_gpu_layers: onGpu ? ALL_LAYERS : 0,
    });
  }
}

/** Another one when the file was made anew. */
async function keyOf(path: string, onGpu: boolean): Promise<string> {
  const { ino, size, mtimeMs } = await stat(path);
  return JSON.stringify([path, ino, size, mtimeMs, onGpu]);
}
