import { MalformedInput, Unsupported } from "../../errors.js";
import { elementCount } from "../plain.js";
import { printable } from "../printable.js";
import type { TensorInfo } from "../tensors.js";
import { HeaderBytes } from "./header-bytes.js";
import { type GgufMetadata, type GgufNumberType, type GgufValue, VALUE_TYPE_IDS } from "./metadata.js";
import { NUMBERS } from "./numbers.js";
import { TENSOR_TYPES, tensorTypeName } from "./tensor-types.js";

/** A tensor and where its bytes lie, counted from the start of the file. */
export type GgufTensor = TensorInfo & { position: number; lengthBytes: number };

export type GgufHeader = { version: number; metadata: GgufMetadata; tensors: Map<string, GgufTensor> };

/** ggml keeps names in 64 bytes, with a zero at the end. */
const MAX_NAME_BYTES = 63;
const DEFAULT_ALIGNMENT = 32;
/** Far beyond the largest models; what a header could make us keep for each is many times its bytes in the file. */
const MAX_ENTRIES = 1 << 16;
const VALUE_TYPES = new Map<number, string>(Object.entries(VALUE_TYPE_IDS).map(([name, id]) => [id, name]));

/**
 * The header of a GGUF file, every declared size checked against the file's real size before anything is allocated.
 *
 * @param start the first bytes of the file
 * @returns undefined where `start` ends inside the header: call again with more
 * @throws {MalformedInput} the header is broken, or a tensor does not lie where the rules of the format put it
 * @throws {Unsupported} version 1, big-endian, or an unknown tensor type
 * @source GGUF specification, versions 2 and 3; the stricter checks of llama.cpp's `gguf.cpp`
 */
export function parseGgufHeader(
  start: Uint8Array,
  file: { name: string; sizeBytes: number },
  stage: string,
): GgufHeader | undefined {
  const place = { stage, path: file.name };
  const refuse = (what: string): never => {
    throw new MalformedInput(`${stage} ${file.name}: ${what}. Fetch or make the file again.`, place);
  };
  return HeaderBytes.parse(start, file.sizeBytes, refuse, (bytes) => {
    if (bytes.uint32() !== 0x46554747) refuse("it does not begin with the letters GGUF");
    const version = bytes.uint32();
    if (version !== 2 && version !== 3) {
      const what =
        version === 0x03000000 || version === 0x02000000 ? "it is big-endian" : `it has version ${version}`;
      throw new Unsupported(
        `${stage} ${file.name}: ${what} (little-endian versions 2 and 3 are read). Fetch a newer file.`,
        place,
      );
    }
    const tensorCount = bytes.count("tensors", 8 + 4 + 4 + 8);
    const keyCount = bytes.count("metadata values", 8 + 4 + 1);
    if (Math.max(tensorCount, keyCount) > MAX_ENTRIES) {
      refuse(`it has ${tensorCount} tensors and ${keyCount} metadata values (at most ${MAX_ENTRIES})`);
    }
    const metadata = new Map<string, GgufValue>();
    for (let index = 0; index < keyCount; index += 1) {
      const key = bytes.string(`the name of metadata value ${index}`);
      if (metadata.has(key)) refuse(`metadata "${printable(key)}" is in it twice`);
      metadata.set(key, readValue(bytes, bytes.uint32(), key, refuse));
    }
    const alignment = readAlignment(metadata) ?? refuse("general.alignment is not a power of two as uint32");
    const tensors = new Map<string, GgufTensor>();
    const offsets = new Map<string, number>();
    for (let index = 0; index < tensorCount; index += 1) {
      const name = bytes.string(`the name of tensor ${index}`, MAX_NAME_BYTES);
      if (tensors.has(name)) refuse(`tensor "${printable(name)}" is in it twice`);
      const dimensions = bytes.uint32();
      if (dimensions > 4) refuse(`tensor "${printable(name)}" has ${dimensions} dimensions (at most 4)`);
      const shape = Array.from({ length: dimensions }, () => bytes.uint64()).toReversed();
      const typeId = bytes.uint32();
      const type = tensorTypeName(typeId);
      if (type === undefined) {
        const what = `tensor "${printable(name)}" has the unknown type ${typeId}`;
        throw new Unsupported(
          `${stage} ${file.name}: ${what}. Fetch a file in a common type such as Q4_K_M or F16.`,
          place,
        );
      }
      const { blockValues, blockBytes } = TENSOR_TYPES.get(type)!;
      if ((shape.at(-1) ?? 1) % blockValues !== 0) {
        refuse(
          `tensor "${printable(name)}" has rows of ${shape.at(-1)} values (for ${type} a multiple of ${blockValues})`,
        );
      }
      offsets.set(name, bytes.uint64());
      tensors.set(name, {
        name,
        shape,
        type,
        position: 0,
        lengthBytes: (elementCount(shape) / blockValues) * blockBytes,
      });
    }

    const align = (position: number) => Math.ceil(position / alignment) * alignment;
    const dataStart = align(bytes.position);
    let expected = 0;
    for (const tensor of tensors.values()) {
      const offset = offsets.get(tensor.name)!;
      const end = dataStart + offset + tensor.lengthBytes;
      if (offset !== expected)
        refuse(`tensor "${printable(tensor.name)}" starts at offset ${offset}, not at ${expected}`);
      if (!(end <= file.sizeBytes)) {
        refuse(
          `tensor "${printable(tensor.name)}" ends at byte ${end}, past the end of the file (${file.sizeBytes})`,
        );
      }
      tensor.position = dataStart + offset;
      expected = align(offset + tensor.lengthBytes);
    }
    return { version, metadata, tensors };
  });
}

/** Undefined where it is not as it has to be; another type than uint32 ends the process that llama.cpp runs in. */
function readAlignment(metadata: GgufMetadata): number | undefined {
  const found = metadata.get("general.alignment");
  if (!found) return DEFAULT_ALIGNMENT;
  return found.type === "uint32" && Number.isInteger(Math.log2(found.value)) ? found.value : undefined;
}

function readValue(
  bytes: HeaderBytes,
  typeId: number,
  key: string,
  refuse: (what: string) => never,
): GgufValue {
  const name = VALUE_TYPES.get(typeId);
  if (name === "bool") return { type: "bool", value: bytes.boolean() };
  if (name === "string") return { type: "string", value: bytes.string(`metadata "${printable(key)}"`) };
  if (isNumberType(name)) return { type: name, value: bytes.number(name) };
  if (name !== "array") return refuse(`metadata "${printable(key)}" has the unknown type ${typeId}`);

  const of = VALUE_TYPES.get(bytes.uint32());
  const what = `items of metadata "${printable(key)}"`;
  if (of === "string") {
    const count = bytes.count(what, 8);
    return { type: "array", of, value: Array.from({ length: count }, () => bytes.string(what)) };
  }
  if (of === "bool") return { type: "array", of, value: bytes.numbers("uint8", bytes.count(what, 1)) };
  if (!isNumberType(of)) return refuse(`metadata "${printable(key)}" is a list of an unknown type`);
  return { type: "array", of, value: bytes.numbers(of, bytes.count(what, NUMBERS[of].bytes)) };
}

function isNumberType(name: string | undefined): name is GgufNumberType {
  return name !== undefined && name in NUMBERS;
}
