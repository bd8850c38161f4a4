import { stat } from "node:fs/promises";
import type { ServingHost, ServingModel } from "../engines/ports.js";
import { Unavailable } from "../errors.js";
import type { Codec } from "../formats/template/codec.js";
import { gib } from "../gib.js";
import { Turns } from "../turns.js";
import { Bell } from "./bell.js";
import { FairQueue } from "./fair-queue.js";
import type { Lease, LeaseOptions, ModelPool, Resident } from "./model-pool.js";
import { readModel } from "./read-model.js";
import type { ServedModel } from "./served-model.js";

export type PoolOptions = {
  /** Memory that models may take. */
  memoryBytes: number;
  /** Answers of one model that are drawn side by side. */
  parallel: number;
  /** Room of a conversation unless a request needs more. */
  contextTokens: number;
  /** How long a model stays unless a request says otherwise; `Infinity` for ever. */
  keepAliveMs: number;
  /** Requests for one model at a time, those that wait included; more are refused. */
  mostWaiting: number;
};

/** A model in memory. */
type Loaded = {
  model: ServingModel;
  codec: Codec;
  contextTokens: number;
  sizeBytes: number;
  users: number;
  /** Of the last use: which one to unload first. */
  usedAt: number;
  expiresAt: number;
  timer?: NodeJS.Timeout | undefined;
  /** Whether somebody wants it gone as soon as nobody uses it. */
  unwanted?: boolean;
  /** Whether it is to be loaded anew, and takes nobody in. */
  retiring?: boolean;
};

/** A model that somebody uses, waits for or used. */
type Entry = {
  served: ServedModel;
  queue: FairQueue;
  /** The longest conversation that the model knows; unknown until it was loaded once. */
  trainedTokens: number;
  loaded?: Loaded | undefined;
};

/** What a timer can count. */
const MOST_TIMER_MS = 2 ** 31 - 1;

/** Models over a host, which is opened when the first is asked for. */
export class Pool implements ModelPool {
  readonly #openHost: () => Promise<ServingHost>;
  readonly #options: PoolOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #closing = new AbortController();
  /** Rings when a model was given back. */
  readonly #returned = new Bell();
  #host: Promise<ServingHost> | undefined;
  /** Loading and unloading, one after the other. */
  readonly #changes = new Turns();
  #clock = 0;

  constructor(openHost: () => Promise<ServingHost>, options: PoolOptions) {
    this.#openHost = openHost;
    this.#options = options;
  }

  async lease(served: ServedModel, wishes: LeaseOptions = {}): Promise<Lease> {
    const signal = AbortSignal.any([...(wishes.signal ? [wishes.signal] : []), this.#closing.signal]);
    const entry = await this.#entryOf(served);
    const { mostWaiting, contextTokens, keepAliveMs } = this.#options;
    if (entry.queue.size >= mostWaiting) {
      const message = `serve ${served.name}: ${entry.queue.size} requests wait for it (at most ${mostWaiting}). Try again later.`;
      throw new Unavailable(message, { stage: "serve" });
    }
    await entry.queue.enter(wishes.client ?? "", signal);
    try {
      const wanted = wishes.contextTokens ?? contextTokens;
      const begin = performance.now();
      const ready = hasRoom(entry, wanted);
      const loaded = ready
        ? use(entry.loaded!)
        : await this.#changes.take(async () => use(await this.#load(entry, wanted, signal)));
      let given = false;
      return {
        served,
        model: loaded.model,
        codec: loaded.codec,
        contextTokens: Math.min(wanted, loaded.contextTokens),
        loadMs: ready ? 0 : performance.now() - begin,
        release: () => {
          if (given) return;
          given = true;
          entry.queue.leave();
          this.#giveBack(entry, loaded, wishes.keepAliveMs ?? keepAliveMs);
        },
      };
    } catch (error) {
      entry.queue.leave();
      if (!entry.loaded && entry.queue.size === 0) this.#forget(entry);
      throw error;
    }
  }

  async unload(served: ServedModel): Promise<void> {
    const entry = await this.#entryOf(served);
    const { loaded } = entry;
    if (!loaded) return;
    loaded.unwanted = true;
    loaded.expiresAt = 0;
    await this.#changes.take(() => this.#freeUnused(entry, loaded));
  }

  residents(): Resident[] {
    const residents = [...this.#entries.values()].flatMap(({ served, loaded }): Resident[] => {
      if (!loaded) return [];
      const { sizeBytes, contextTokens, expiresAt } = loaded;
      const date = expiresAt === Infinity ? null : new Date(expiresAt);
      return [{ served, sizeBytes, contextTokens, expiresAt: date }];
    });
    return residents.sort((a, b) => expiry(b) - expiry(a));
  }

  async jsonGrammar(schema?: unknown): Promise<string> {
    return (await this.#openedHost()).jsonGrammar(schema);
  }

  async close(): Promise<void> {
    const reason = new Unavailable("serve: the server is stopping. Ask again when it is back.", {
      stage: "serve",
    });
    this.#closing.abort(reason);
    await this.#changes.take(async () => {
      await Promise.all([...this.#entries.values()].map((entry) => this.#free(entry)));
    });
    await (await this.#host)?.close();
  }

  #openedHost(): Promise<ServingHost> {
    this.#host ??= this.#openHost().catch((error: unknown) => {
      this.#host = undefined;
      throw error;
    });
    return this.#host;
  }

  /** Models of the same files are one, whatever they are told; files that were made anew are another. */
  async #entryOf(served: ServedModel): Promise<Entry> {
    const paths = [served.gguf, ...(served.adapter === null ? [] : [served.adapter])];
    const found = paths.map((path) => stat(path).then(({ size, mtimeMs }) => [path, size, mtimeMs]));
    const key = await Promise.all(found).then(JSON.stringify, (cause: unknown) => {
      const message = `serve ${served.name}: its file is gone. Run kouwen run again.`;
      throw new Unavailable(message, { stage: "serve", cause });
    });
    const entry = this.#entries.get(key) ?? {
      served,
      queue: new FairQueue(this.#options.parallel),
      trainedTokens: Infinity,
    };
    entry.served = served;
    this.#entries.set(key, entry);
    return entry;
  }

  async #load(entry: Entry, wanted: number, signal: AbortSignal): Promise<Loaded> {
    if (hasRoom(entry, wanted)) return entry.loaded!;
    if (entry.loaded) entry.loaded.retiring = true;
    try {
      while (entry.loaded && entry.loaded.users > 0) await this.#returned.wait(signal);
    } catch (error) {
      if (entry.loaded) entry.loaded.retiring = false;
      throw error;
    }
    await this.#free(entry);
    const { gguf, adapter } = entry.served;
    const { codec, contextTokens: trained } = await readModel(gguf);
    entry.trainedTokens = trained;
    const contextTokens = Math.min(wanted, trained);
    const sequences = this.#options.parallel;
    const how = { contextTokens, sequences, ...(adapter === null ? {} : { adapter }) };
    const host = await this.#openedHost();
    const sizeBytes = await host.memoryBytes(gguf, how);
    await this.#makeRoom(sizeBytes, entry.served.name, signal);
    const model = await host.load(gguf, how, { signal });
    entry.loaded = { model, codec, contextTokens, sizeBytes, users: 0, usedAt: 0, expiresAt: Infinity };
    return entry.loaded;
  }

  async #makeRoom(bytes: number, name: string, signal: AbortSignal): Promise<void> {
    const limit = this.#options.memoryBytes;
    if (bytes > limit) {
      throw new Unavailable(
        `serve ${name}: needs ${gib(bytes)} GiB of memory (models may take ${gib(limit)}). Free some and start again, or take a smaller model.`,
        { stage: "serve" },
      );
    }
    for (;;) {
      const inMemory = [...this.#entries.values()].filter(({ loaded }) => loaded);
      const taken = inMemory.reduce((sum, { loaded }) => sum + loaded!.sizeBytes, 0);
      if (taken + bytes <= limit) return;
      const idle = inMemory.filter(({ loaded }) => loaded!.users === 0);
      const [oldest] = idle.sort((a, b) => a.loaded!.usedAt - b.loaded!.usedAt);
      if (oldest) await this.#free(oldest);
      else await this.#returned.wait(signal);
    }
  }

  #giveBack(entry: Entry, loaded: Loaded, keepAliveMs: number): void {
    loaded.users -= 1;
    loaded.usedAt = this.#clock += 1;
    loaded.expiresAt = loaded.unwanted ? 0 : Date.now() + keepAliveMs;
    this.#returned.ring();
    if (loaded.users === 0) this.#expire(entry, loaded);
  }

  #expire(entry: Entry, loaded: Loaded): void {
    clearTimeout(loaded.timer);
    if (loaded.expiresAt === Infinity) return;
    const wait = Math.min(Math.max(0, loaded.expiresAt - Date.now()), MOST_TIMER_MS);
    loaded.timer = setTimeout(() => {
      void this.#changes.take(() => this.#freeUnused(entry, loaded));
    }, wait);
    loaded.timer.unref();
  }

  /** Unloads a model whose time is over, unless somebody came in between. */
  async #freeUnused(entry: Entry, loaded: Loaded): Promise<void> {
    if (entry.loaded !== loaded || loaded.users > 0) return;
    if (loaded.expiresAt > Date.now()) this.#expire(entry, loaded);
    else await this.#free(entry);
  }

  async #free(entry: Entry): Promise<void> {
    const { loaded } = entry;
    if (!loaded) return;
    clearTimeout(loaded.timer);
    entry.loaded = undefined;
    if (entry.queue.size === 0) this.#forget(entry);
    await loaded.model.close();
  }

  #forget(entry: Entry): void {
    for (const [key, each] of this.#entries) if (each === entry) this.#entries.delete(key);
  }
}

/** Whether a model is there with as much room as is wanted, or all that it can have. */
function hasRoom({ loaded, trainedTokens }: Entry, wanted: number): boolean {
  return loaded !== undefined && !loaded.retiring && loaded.contextTokens >= Math.min(wanted, trainedTokens);
}

function expiry({ expiresAt }: Resident): number {
  return expiresAt?.getTime() ?? Number.MAX_VALUE;
}

function use(loaded: Loaded): Loaded {
  loaded.users += 1;
  loaded.unwanted = false;
  clearTimeout(loaded.timer);
  return loaded;
}
