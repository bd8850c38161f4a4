import { bfloat16ToFloat32, float32ToFloat16 } from "./half.js";

/** What we use of it; its types come with those of browsers only. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => {
    exports: { memory: { buffer: ArrayBuffer }; convert: Kernel["convert"] };
  };
};

/** Bytes converted at a time: small enough to stay in a processor's nearest cache. */
const PART_BYTES = 1 << 16;

type Kernel = {
  memory: Uint8Array;
  /** Converts from a byte to another, eight values at a time; returns where it stopped. */
  convert: (begin: number, end: number) => number;
  /** The float16 pattern of every bfloat16 pattern. */
  table: Uint16Array;
};

let kernel: Kernel | undefined;

/**
 * Replaces bfloat16 bit patterns by float16 ones, rounded to nearest, ties to even, up to the first value that float16
 * cannot hold.
 *
 * With WebAssembly's vectors, as a table alone takes five times as long; the table serves the eight neighbours of a
 * value whose float16 is zero or subnormal, one in fifty of a trained model.
 *
 * @returns where the first value is that is not finite as float16, which is left as it was; -1 for nowhere
 */
export function bfloat16ToFloat16(bits: Uint16Array): number {
  kernel ??= createKernel();
  const { memory, convert, table } = kernel;
  const patterns = new Uint16Array(memory.buffer);
  const bytes = new Uint8Array(bits.buffer, bits.byteOffset, bits.byteLength);
  for (let at = 0; at < bytes.length; at += PART_BYTES) {
    const part = bytes.subarray(at, at + PART_BYTES);
    memory.set(part);
    // What lies behind the end is converted along, and not copied back.
    memory.fill(0, part.length, Math.ceil(part.length / 16) * 16);
    let bad = -1;
    for (let done = 0; done < part.length && bad === -1;) {
      done = convert(done, part.length);
      if (done < part.length) {
        bad = fromTable(patterns, table, done / 2);
        done += 16;
      }
    }
    part.set(memory.subarray(0, part.length));
    if (bad !== -1) return at / 2 + bad;
  }
  return -1;
}

/** Converts eight values; where one is not finite, the ones before it. */
function fromTable(patterns: Uint16Array, table: Uint16Array, first: number): number {
  for (let at = first; at < first + 8; at += 1) {
    const half = table[patterns[at]!]!;
    if ((half & 0x7c00) === 0x7c00) return at;
    patterns[at] = half;
  }
  return -1;
}

function createKernel(): Kernel {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assemble()));
  const every = Uint16Array.from({ length: 65536 }, (_, pattern) => pattern);
  return {
    memory: new Uint8Array(exports.memory.buffer),
    convert: exports.convert,
    table: float32ToFloat16(bfloat16ToFloat32(every)),
  };
}

/**
 * The module: one page of memory, and a loop over vectors of eight values.
 *
 * A value that is normal as float16 has its exponent lowered by 127 - 15, which is 0x3800 in the pattern, and three bits
 * more of fraction. The loop returns at the first vector with a value whose lowered pattern is outside 0x0080 to 0x0f7f.
 *
 * @source WebAssembly core specification 2.0, binary format
 */
function assemble(): Uint8Array {
  const [i32, v128, empty] = [0x7f, 0x7b, 0x40];
  const [position, end, x, lowered] = [0, 1, 2, 3];
  const get = (local: number) => [0x20, local];
  const tee = (local: number) => [0x22, local];
  const int = (value: number) => [0x41, value];
  const all = (value: number) => [
    0xfd,
    0x0c,
    ...Array.from({ length: 8 }, () => [value & 255, value >> 8]).flat(),
  ];
  const load = [0xfd, 0x00, 4, 0];
  const store = [0xfd, 0x0b, 4, 0];
  const [and, or, anyTrue] = [
    [0xfd, 0x4e],
    [0xfd, 0x50],
    [0xfd, 0x53],
  ];
  const [subtract, shiftLeft, greater] = [
    [0xfd, 0x91, 0x01],
    [0xfd, 0x8b, 0x01],
    [0xfd, 0x32],
  ];
  const body = [
    ...[1, 2, v128],
    ...[0x03, empty], // loop
    ...[get(position), load, tee(x), all(0x7fff), and, all(0x3800), subtract, tee(lowered)].flat(),
    ...[all(0x0080), subtract, all(0x0eff), greater, anyTrue].flat(),
    ...[0x04, empty, ...get(position), 0x0f, 0x0b], // if … return
    ...[get(position), get(x), all(0x8000), and, get(lowered), int(3), shiftLeft, or, store].flat(),
    ...[get(position), int(16), [0x6a], tee(position), get(end), [0x49], [0x0d, 0]].flat(), // add, less, again
    ...[0x0b, ...get(position), 0x0b],
  ];
  const name = (text: string) => [text.length, ...Buffer.from(text)];
  const section = (id: number, bytes: number[]) => [id, ...varint(bytes.length), ...bytes];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 2, i32, i32, 1, i32]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...name("memory"), 2, 0, ...name("convert"), 0, 0]),
    ...section(10, [1, ...varint(body.length), ...body]),
  ]);
}

/** An unsigned number below 2^14 in base 128. */
function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, value >> 7];
}
