// Instructions of WebAssembly as bytes. @source WebAssembly core specification 2.0, binary format

const [I32, V128, EMPTY] = [0x7f, 0x7b, 0x40];
/** The loop's parameters, and its two vectors. */
const [position, end, x, lowered] = [0, 1, 2, 3];

const get = (local: number) => [0x20, local];
const set = (local: number) => [0x22, local];
const int = (value: number) => [0x41, value];
/** A vector of eight times the same 16 bits. */
const all = (bits: number) => [
  0xfd,
  0x0c,
  ...Array.from({ length: 8 }, () => [bits & 255, bits >> 8]).flat(),
];

const load = [0xfd, 0x00, 4, 0];
const store = [0xfd, 0x0b, 4, 0];
const and = [0xfd, 0x4e];
const or = [0xfd, 0x50];
const anyTrue = [0xfd, 0x53];
const subtract = [0xfd, 0x91, 0x01];
const shiftLeft = [0xfd, 0x8b, 0x01];
const greater = [0xfd, 0x32];
const add = [0x6a];
const less = [0x49];
const loop = [0x03, EMPTY];
const again = [0x0d, 0];
const when = [0x04, EMPTY];
const leave = [0x0f];
const close = [0x0b];

const name = (text: string) => [text.length, ...Buffer.from(text)];
const section = (id: number, bytes: number[]) => [id, ...varint(bytes.length), ...bytes];

/**
 * A WebAssembly module with a page of `memory`, and `convert(begin, end)`, which turns bfloat16 into float16 in it, 16
 * bytes at a time. It returns the position of the first vector that it cannot convert, or one at or past `end`.
 *
 * A value that is normal as float16 has its exponent lowered by 127 - 15, which is 0x3800 in the pattern, and three bits
 * more of fraction. A vector is left alone where one of its lowered patterns is outside 0x0080 to 0x0f7f.
 */
export function assembleKernel(): Uint8Array {
  const body = [
    [1, 2, V128],
    loop,
    [get(position), load, set(x), all(0x7fff), and, all(0x3800), subtract, set(lowered)],
    [all(0x0080), subtract, all(0x0eff), greater, anyTrue, when, get(position), leave, close],
    [get(position), get(x), all(0x8000), and, get(lowered), int(3), shiftLeft, or, store],
    [get(position), int(16), add, set(position), get(end), less, again, close],
    [get(position), close],
  ].flat(2);
  const module = [
    [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    section(1, [1, 0x60, 2, I32, I32, 1, I32]),
    section(3, [1, 0]),
    section(5, [1, 0, 1]),
    section(7, [2, ...name("memory"), 2, 0, ...name("convert"), 0, 0]),
    section(10, [1, ...varint(body.length), ...body]),
  ];
  return Uint8Array.from(module.flat());
}

/** An unsigned number below 2^14 in base 128. */
function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, value >> 7];
}
