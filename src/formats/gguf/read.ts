import { MalformedInput } from "../../errors.js";
import { openByteFile } from "../byte-file.js";
import { rowBytes } from "../rows.js";
import type { Rows, TensorSource } from "../tensors.js";
import { dequantize } from "./dequantize.js";
import { type GgufTensor, parseGgufHeader } from "./header.js";
import type { GgufMetadata } from "./metadata.js";

/** An open GGUF file: its metadata, and its tensors under their GGUF names (`blk.0.attn_q.weight` …). */
export type GgufFile = Omit<TensorSource, "tensors"> & {
  readonly tensors: ReadonlyMap<string, GgufTensor>;
  readonly metadata: GgufMetadata;
  /** Without its folder. */
  readonly name: string;
};

const FIRST_READ_BYTES = 1 << 20;
/** The largest vocabularies known (262,144 tokens and their merges) take under 20 MB. */
const MAX_HEADER_BYTES = 1 << 26;

/**
 * Opens a GGUF file. Nothing but the header is read until a tensor is asked for.
 *
 * @param stage the stage word, for errors
 * @throws {Unavailable} there is no such file
 * @throws {MalformedInput} the header is broken
 * @throws {Unsupported} another version or an unknown tensor type; from `readFloat32`: a type that is not dequantized
 */
export async function openGguf(path: string, stage: string): Promise<GgufFile> {
  const file = await openByteFile(path, stage);
  try {
    const refuse = (what: string): never => {
      throw new MalformedInput(`${stage} ${file.name}: ${what}. Fetch or make the file again.`, {
        stage,
        path: file.name,
      });
    };
    let length = Math.min(FIRST_READ_BYTES, file.sizeBytes);
    let header = parseGgufHeader(await file.read(0, length), file, stage);
    while (!header) {
      if (length >= MAX_HEADER_BYTES) refuse(`the header is longer than ${MAX_HEADER_BYTES} bytes`);
      length = Math.min(length * 4, file.sizeBytes);
      header = parseGgufHeader(await file.read(0, length), file, stage);
    }
    const { tensors, metadata } = header;
    const find = (name: string) => tensors.get(name) ?? refuse(`tensor "${name}" is missing`);
    const readBytes = async (name: string, rows?: Rows, memory?: Uint8Array) => {
      const { shape, position, lengthBytes } = find(name);
      const { offset, length: wanted } = rowBytes(shape, lengthBytes, rows);
      return file.read(position + offset, wanted, memory);
    };
    return {
      name: file.name,
      tensors,
      metadata,
      readBytes,
      readFloat32: async (name, rows) =>
        dequantize(await readBytes(name, rows), find(name).type, { stage, path: file.name }),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}
