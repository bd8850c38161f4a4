import { z } from "zod";
import { MalformedInput } from "../../errors.js";
import { parseJson } from "../../files.js";
import type { ByteFile } from "../byte-file.js";
import { elementCount } from "../plain.js";
import { printable } from "../printable.js";
import type { TensorInfo } from "../tensors.js";
import { repeatedKey } from "./repeated-key.js";

/** A tensor and where its bytes lie, counted from the start of the file. */
export type StoredTensor = TensorInfo & { position: number; lengthBytes: number };

export type SafetensorsHeader = {
  tensors: Map<string, StoredTensor>;
  metadata: Record<string, string>;
};

/**
 * A thousand layers take 2 MB. The reference implementation allows 100 MB, of which the parsed header would take
 * gigabytes.
 */
const MAX_HEADER_BYTES = 1 << 24;

const TYPE_BYTES: Readonly<Record<string, number>> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
};

const count = z.number().int().nonnegative();
const entry = z.object({
  dtype: z.string(),
  shape: z.array(count).max(16),
  data_offsets: z.tuple([count, count]),
});
const metadataEntry = z.record(z.string(), z.string());

/**
 * The header of a safetensors file, checked against the file's real size.
 *
 * @throws {MalformedInput} no valid header; unknown type; a tensor whose bytes and shape disagree; bytes that no
 *   tensor or more than one tensor owns
 * @source safetensors format, README of the reference implementation, version 0.8
 */
export async function readSafetensorsHeader(file: ByteFile, stage: string): Promise<SafetensorsHeader> {
  const refuse = (what: string): never => {
    throw new MalformedInput(`${stage} ${file.name}: ${what}. Fetch or make the file again.`, {
      stage,
      path: file.name,
    });
  };
  if (file.sizeBytes < 8) refuse(`${file.sizeBytes} bytes are too few for a safetensors file (at least 8)`);
  const lengthBytes = new DataView((await file.read(0, 8)).buffer).getBigUint64(0, true);
  const room = Math.min(file.sizeBytes - 8, MAX_HEADER_BYTES);
  if (lengthBytes > room) refuse(`the header says it is ${lengthBytes} bytes long (at most ${room})`);
  const dataStart = 8 + Number(lengthBytes);
  const text = decodeUtf8(await file.read(8, Number(lengthBytes))) ?? refuse("the header is not UTF-8");
  const json = parseJson(text, stage, file.name);
  if (typeof json !== "object" || json === null || Array.isArray(json))
    return refuse("the header is not a JSON object");
  const twice = repeatedKey(text);
  if (twice !== undefined) refuse(`"${printable(twice)}" is in the header twice`);

  const tensors = new Map<string, StoredTensor>();
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(json)) {
    if (name === "__metadata__") {
      const parsed = metadataEntry.safeParse(value);
      metadata = parsed.success ? parsed.data : refuse("__metadata__ is not a map of texts");
      continue;
    }
    const { data } = entry.safeParse(value);
    if (!data) return refuse(`tensor "${printable(name)}" has no proper dtype, shape and data_offsets`);
    const [begin, end] = data.data_offsets;
    const bytes =
      TYPE_BYTES[data.dtype] ??
      refuse(`tensor "${printable(name)}" has the unknown type "${printable(data.dtype)}"`);
    const needed = elementCount(data.shape) * bytes;
    if (needed !== end - begin) {
      refuse(
        `tensor "${printable(name)}" takes ${end - begin} bytes, but its shape [${data.shape}] needs ${needed}`,
      );
    }
    tensors.set(name, {
      name,
      shape: data.shape,
      type: data.dtype,
      position: dataStart + begin,
      lengthBytes: needed,
    });
  }

  let covered = dataStart;
  const inOrder = [...tensors.values()].toSorted(
    (a, b) => a.position - b.position || a.lengthBytes - b.lengthBytes,
  );
  for (const { name, position, lengthBytes: length } of inOrder) {
    if (position !== covered)
      refuse(
        `tensor "${printable(name)}" starts at byte ${position}, not where the last one ended (${covered})`,
      );
    covered += length;
    if (covered > file.sizeBytes) {
      refuse(
        `tensor "${printable(name)}" ends at byte ${covered}, past the end of the file (${file.sizeBytes})`,
      );
    }
  }
  if (covered !== file.sizeBytes) refuse(`${file.sizeBytes - covered} bytes at the end belong to no tensor`);
  return { tensors, metadata };
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
