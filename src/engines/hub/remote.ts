import type { ModelFile } from "./model-files.js";

/** A model at one hub. */
export type Remote = {
  /** The commit whose files these are, 40 hex digits, at hubs that name them by one. */
  commit?: string;
  /** Every file that the hub lists for the model, wanted or not. */
  list: () => Promise<ModelFile[]>;
  /** The bytes of a file from one of them on, and the size that the hub gives the whole file now. */
  open: (file: ModelFile, from: number) => Promise<{ sizeBytes: number; stream: ReadableStream<Uint8Array> }>;
};
