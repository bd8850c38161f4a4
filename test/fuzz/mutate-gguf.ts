import type { Random } from "../../src/random.js";
import { type GgufFields, ggufFields } from "./gguf-fields.js";
import { below, cutAt, flipBits, HOSTILE_COUNTS, pick, putUint32, putUint64 } from "./hostile.js";

const DOUBLES = [NaN, Infinity, -Infinity, -1, 0, 0.5, 2 ** 53, 1e308];

/** A GGUF file with one or two things wrong: in its numbers, its texts, its metadata, where tensors lie, or its data. */
export function mutateGguf(bytes: Buffer, random: Random): Buffer {
  const once = mutateOnce(bytes, ggufFields(bytes), random);
  // A second change of the same fields only where the first left them in their places.
  return random() < 0.2 && once.length === bytes.length ? mutateOnce(once, ggufFields(bytes), random) : once;
}

function mutateOnce(bytes: Buffer, fields: GgufFields, random: Random): Buffer {
  const { wide, narrow, texts, numbers, dataStart } = fields;
  // The texts that have a value of their own, apart from the thousand tokens and merges.
  const early = texts.slice(0, 40);
  const late = texts.slice(-30);
  const text = () => pick(random, pick(random, [early, late, texts]));
  const someWide = () => pick(random, pick(random, [wide.slice(0, 60), wide.slice(-80), wide]));
  return pick<() => Buffer>(random, [
    () => putUint64(bytes, someWide(), pick(random, HOSTILE_COUNTS)),
    () => putUint64(bytes, someWide(), pick(random, HOSTILE_COUNTS)),
    () => putUint64(bytes, someWide(), BigInt(below(random, bytes.length))),
    () => putUint32(bytes, pick(random, narrow), below(random, pick(random, [14, 41, 2 ** 32]))),
    () => cutAt(bytes, random, [0, 4, 8, 24, dataStart, ...wide, ...narrow, ...texts.map(({ at }) => at)]),
    () => flipBits(bytes, random, 0, dataStart),
    () => flipBits(bytes, random, 0, Math.min(dataStart, 2000)),
    () => flipBits(bytes, random, dataStart, bytes.length),
    () => copyText(bytes, text(), texts, random),
    () => copyText(bytes, text(), texts, random),
    () => fillText(bytes, text(), random),
    () => putNumber(bytes, pick(random, numbers), random),
    () => putNumber(bytes, pick(random, numbers), random),
    () => align(bytes, random),
    () => Buffer.concat([bytes, Buffer.alloc(1 + below(random, 64))]),
  ])();
}

/** A key, name or token in the place of another of the same length, so that it is there twice. */
function copyText(
  bytes: Buffer,
  to: GgufFields["texts"][number],
  texts: GgufFields["texts"],
  random: Random,
): Buffer {
  const from = pick(
    random,
    texts.filter(({ length }) => length === to.length),
  );
  const changed = Buffer.from(bytes);
  bytes.copy(changed, to.at, from.at, from.at + from.length);
  return changed;
}

/** Bytes that are no UTF-8, or zeros, or a line break, in a text. */
function fillText(bytes: Buffer, { at, length }: GgufFields["texts"][number], random: Random): Buffer {
  return Buffer.from(bytes).fill(pick(random, [0xff, 0xc0, 0, 10, 27, 32]), at, at + length);
}

/** Another number of the same type. */
function putNumber(bytes: Buffer, { at, type }: GgufFields["numbers"][number], random: Random): Buffer {
  const changed = Buffer.from(bytes);
  const whole = pick(random, HOSTILE_COUNTS);
  if (type === 6) changed.writeFloatLE(Math.fround(pick(random, DOUBLES)), at);
  else if (type === 12) changed.writeDoubleLE(pick(random, DOUBLES), at);
  else if (type >= 10) changed.writeBigUInt64LE(whole, at);
  else if (type === 4 || type === 5) changed.writeUInt32LE(Number(BigInt.asUintN(32, whole)), at);
  else changed.writeUInt8(below(random, 256), at);
  return changed;
}

/** One more metadata value: an alignment, of a proper or another type. */
function align(bytes: Buffer, random: Random): Buffer {
  const key = Buffer.from("general.alignment");
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(key.length));
  const value = pick<Buffer>(random, [
    uint32Value(4, pick(random, [0, 1, 3, 8, 16, 32, 64, 2 ** 31, 2 ** 32 - 1])),
    uint32Value(5, pick(random, [32, 2 ** 32 - 32])),
    floatValue(pick(random, DOUBLES)),
    floatValue(32),
    Buffer.from([7, 0, 0, 0, 1]),
    Buffer.from([0, 0, 0, 0, pick(random, [0, 32])]),
  ]);
  const changed = Buffer.concat([bytes.subarray(0, 24), length, key, value, bytes.subarray(24)]);
  changed.writeBigUInt64LE(BigInt.asUintN(64, changed.readBigUInt64LE(16) + 1n), 16);
  return changed;
}

function uint32Value(type: number, value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeUInt32LE(type);
  buffer.writeUInt32LE(value, 4);
  return buffer;
}

function floatValue(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeUInt32LE(6);
  buffer.writeFloatLE(Math.fround(value), 4);
  return buffer;
}
