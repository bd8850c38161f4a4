import { assembleKernel } from "./bfloat16-kernel.js";
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
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assembleKernel()));
  const every = Uint16Array.from({ length: 65536 }, (_, pattern) => pattern);
  return {
    memory: new Uint8Array(exports.memory.buffer),
    convert: exports.convert,
    table: float32ToFloat16(bfloat16ToFloat32(every)),
  };
}
