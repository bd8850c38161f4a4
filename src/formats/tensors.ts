/** Element types that we read or write as plain arrays. */
export type PlainType = "F32" | "F16" | "BF16";

/** A tensor's name and form; `shape` is row-major, slowest first, as Hugging Face and PyTorch write it. */
export type TensorInfo = { name: string; shape: number[]; type: string };

/** Neighbouring rows of a tensor, counted along its slowest axis. */
export type Rows = { first: number; count: number };

/**
 * The tensors of a model, wherever they are stored, under their Hugging Face names
 * (`model.layers.0.self_attn.q_proj.weight` …).
 */
export interface TensorSource {
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** The values as float32, dequantized if need be; of these rows, or of all. */
  readFloat32(name: string, rows?: Rows): Promise<Float32Array>;
  /**
   * The stored bytes, for copying without a change of type; of these rows, or of all.
   *
   * @param memory where to put them, at its start; without it they get memory of their own
   */
  readBytes(name: string, rows?: Rows, memory?: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
}
