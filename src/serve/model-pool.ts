import type { ServingModel } from "../engines/ports.js";
import type { Codec } from "../formats/template/codec.js";
import type { ServedModel } from "./served-model.js";

/** A loaded model in use; it stays loaded at least until it is given back. */
export type Lease = {
  served: ServedModel;
  model: ServingModel;
  codec: Codec;
  /** Tokens that a conversation has room for, its reply included. */
  contextTokens: number;
  /** How long this lease waited for the model to load; 0 where it was loaded. */
  loadMs: number;
  /** To be called once, whatever happened; calling it again does nothing. */
  release(): void;
};

/** A loaded model, as `/api/ps` tells of it. */
export type Resident = {
  served: ServedModel;
  sizeBytes: number;
  contextTokens: number;
  /** When it is unloaded if nobody asks for it; null for never. */
  expiresAt: Date | null;
};

export type LeaseOptions = {
  /** Who asks: clients take turns, however many requests each of them has waiting. */
  client?: string | undefined;
  /** Room that a conversation needs; more than the model has loads it again when it is free. */
  contextTokens?: number | undefined;
  /** How long the model stays loaded once it is given back: milliseconds, `Infinity` for ever, 0 for not at all. */
  keepAliveMs?: number | undefined;
  signal?: AbortSignal | undefined;
};

/** Loads models when they are asked for, within a limit of memory, and unloads the least recently used. */
export interface ModelPool {
  /**
   * Waits for the model, and for a turn with it.
   *
   * @throws {Unavailable} the model does not fit into memory, or more are waiting than is sensible
   */
  lease(served: ServedModel, options?: LeaseOptions): Promise<Lease>;
  /** Unloads a model as soon as nobody uses it. */
  unload(served: ServedModel): Promise<void>;
  /** The longest remaining first. */
  residents(): Resident[];
  /** For the grammar of a reply. */
  jsonGrammar(schema?: unknown): Promise<string>;
  /** Ends what is being computed, and frees everything. */
  close(): Promise<void>;
}
