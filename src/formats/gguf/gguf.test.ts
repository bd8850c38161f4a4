import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { KouwenError, MalformedInput, Unsupported } from "../../errors.js";
import { createRandom } from "../../random.js";
import { fromFloat32 } from "../plain.js";
import {
  float32,
  type GgufMetadata,
  type GgufValue,
  MetadataReader,
  string,
  strings,
  uint32,
} from "./metadata.js";
import { openGguf } from "./read.js";
import { writeGguf } from "./write.js";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "gguf-"));
});
after(() => rm(folder, { recursive: true }));

const readWhole = async (path: string) => {
  const gguf = await openGguf(path, "test");
  try {
    for (const name of gguf.tensors.keys()) await gguf.readFloat32(name);
  } finally {
    await gguf.close();
  }
};

const text = fc.string({ unit: "grapheme" });
const integer = (min: number, max: number) => fc.integer({ min, max });
const value = fc.oneof(
  fc.record({ type: fc.constant("uint8" as const), value: integer(0, 255) }),
  fc.record({ type: fc.constant("int16" as const), value: integer(-32768, 32767) }),
  fc.record({ type: fc.constant("uint64" as const), value: fc.maxSafeNat() }),
  fc.record({ type: fc.constant("int64" as const), value: fc.maxSafeInteger() }),
  fc.record({ type: fc.constant("float32" as const), value: fc.float({ noNaN: true }) }),
  fc.record({ type: fc.constant("float64" as const), value: fc.double({ noNaN: true }) }),
  fc.record({ type: fc.constant("bool" as const), value: fc.boolean() }),
  fc.record({ type: fc.constant("string" as const), value: text }),
  fc.record({
    type: fc.constant("array" as const),
    of: fc.constant("string" as const),
    value: fc.array(text),
  }),
  fc.record({
    type: fc.constant("array" as const),
    of: fc.constant("bool" as const),
    value: fc.array(integer(0, 1)),
  }),
  fc.record({
    type: fc.constant("array" as const),
    of: fc.constant("int32" as const),
    value: fc.array(integer(-9, 9)),
  }),
  fc.record({
    type: fc.constant("array" as const),
    of: fc.constant("int64" as const),
    value: fc.array(integer(-9, 9)),
  }),
);

/** Metadata with every list as an ordinary array, to compare. */
const asPlain = (metadata: GgufMetadata) =>
  [...metadata].map(([key, found]) => [
    key,
    found.type === "array"
      ? [found.of, Array.from<unknown>(found.value as ArrayLike<unknown>)]
      : [found.type, found.value],
  ]);

test("what is written is read back, metadata and tensors", async () => {
  const path = join(folder, "round.gguf");
  const tensors = fc.uniqueArray(
    fc.record({
      name: fc.string({ maxLength: 20 }),
      shape: fc.array(integer(1, 4), { maxLength: 4 }),
      type: fc.constantFrom("F32" as const, "F16" as const, "BF16" as const),
    }),
    { selector: ({ name }) => name },
  );
  await fc.assert(
    fc.asyncProperty(fc.dictionary(text, value), tensors, async (values, tensors) => {
      const metadata = new Map<string, GgufValue>(
        Object.entries(values).filter(([key]) => key !== "general.alignment"),
      );
      const stored = new Map<string, Float32Array>();
      await writeGguf(path, "test", metadata, tensors, ({ name, shape, type }) => {
        const count = shape.reduce((product, length) => product * length, 1);
        stored.set(
          name,
          Float32Array.from({ length: count }, (_, at) => at / 4),
        );
        return fromFloat32(stored.get(name)!, type);
      });
      const gguf = await openGguf(path, "test");
      assert.deepEqual(asPlain(gguf.metadata), asPlain(metadata));
      for (const { name, shape, type } of tensors) {
        assert.deepEqual(gguf.tensors.get(name)!.shape, shape);
        assert.equal(gguf.tensors.get(name)!.type, type);
        assert.deepEqual(await gguf.readFloat32(name), stored.get(name));
      }
      await gguf.close();
    }),
    { numRuns: 60 },
  );
});

/** A small file with a bit of everything. */
async function writeSample(path: string): Promise<Buffer> {
  const metadata: GgufMetadata = new Map([
    ["general.architecture", string("llama")],
    ["llama.block_count", uint32(2)],
    ["llama.rope.freq_base", float32(10000)],
    ["tokenizer.ggml.tokens", strings(["a", "b", "你"])],
    ["tokenizer.ggml.token_type", { type: "array", of: "int32", value: [1, 1, 3] }],
  ]);
  const tensors = [
    { name: "a.weight", shape: [2, 64], type: "Q4_0", bytes: 72 },
    { name: "b.weight", shape: [5], type: "F32", bytes: 20 },
    { name: "c.weight", shape: [1, 256], type: "Q6_K", bytes: 210 },
  ];
  await writeGguf(path, "test", metadata, tensors, ({ bytes }) => new Uint8Array(bytes).fill(1));
  return readFile(path);
}

test("rows of a quantized tensor are the same as in the whole", async () => {
  const path = join(folder, "rows.gguf");
  await writeSample(path);
  const gguf = await openGguf(path, "test");
  const whole = await gguf.readFloat32("a.weight");
  assert.deepEqual(await gguf.readFloat32("a.weight", { first: 1, count: 1 }), whole.slice(64));
  await assert.rejects(gguf.readFloat32("a.weight", { first: 1, count: 2 }), TypeError);
  await assert.rejects(gguf.readFloat32("d.weight"), /tensor "d.weight" is missing/);
  await gguf.close();
});

test("cut short anywhere, or with bytes of its header changed, a file is read or refused, never worse", async () => {
  const path = join(folder, "mutated.gguf");
  const whole = await writeSample(path);
  const data = 210 + 14 + 20 + 12 + 72 + 24;
  for (let length = 0; length < whole.length - 14; length += 5) {
    await writeFile(path, whole.subarray(0, length));
    await assert.rejects(readWhole(path), MalformedInput);
  }
  const random = createRandom("mutations");
  for (let round = 0; round < 400; round += 1) {
    const bytes = Buffer.from(whole);
    const changes = 1 + Math.floor(random() * 4);
    for (let change = 0; change < changes; change += 1) {
      bytes[4 + Math.floor(random() * (whole.length - data - 4))] =
        random() < 0.5 ? 255 : Math.floor(random() * 256);
    }
    await writeFile(path, bytes);
    await readWhole(path).catch((error: unknown) => assert.ok(error instanceof KouwenError, String(error)));
  }
});

const u32 = (number: number) => Buffer.from(Uint32Array.of(number).buffer);
const u64 = (number: bigint) => Buffer.from(BigUint64Array.of(number).buffer);
const named = (name: string) => Buffer.concat([u64(BigInt(name.length)), Buffer.from(name)]);
const head = (tensors: bigint, values: bigint) =>
  Buffer.concat([Buffer.from("GGUF"), u32(3), u64(tensors), u64(values)]);
const tensor = (name: string, shape: bigint[], type: number, offset: bigint) =>
  Buffer.concat([named(name), u32(shape.length), ...shape.map(u64), u32(type), u64(offset)]);

const broken: [string, Buffer[], RegExp][] = [
  ["other letters", [Buffer.from("GGML"), u32(3), u64(0n), u64(0n)], /does not begin with the letters GGUF/],
  ["version 1", [Buffer.from("GGUF"), u32(1), u64(0n), u64(0n)], /version 1 \(little-endian/],
  ["big-endian numbers", [Buffer.from("GGUF"), u32(0x03000000), u64(0n), u64(0n)], /big-endian/],
  ["too many tensors", [head(1n << 40n, 0n)], /1099511627776 tensors; the file has room for 0/],
  ["too many values", [head(0n, 1n << 63n)], /metadata values; the file has room/],
  ["a key past the end", [head(0n, 1n), u64(1n << 50n), Buffer.alloc(20)], /past the end of the file/],
  [
    "a list past the end",
    [head(0n, 1n), named("k"), u32(9), u32(8), u64(1n << 40n)],
    /items of metadata "k"/,
  ],
  ["a list of lists", [head(0n, 1n), named("k"), u32(9), u32(9), u64(0n)], /list of an unknown type/],
  ["an unknown value type", [head(0n, 1n), named("k"), u32(99), u64(0n)], /unknown type 99/],
  [
    "a key twice",
    [head(0n, 2n), named("k"), u32(4), u32(1), named("k"), u32(4), u32(1)],
    /"k" is in it twice/,
  ],
  ["alignment 3", [head(0n, 1n), named("general.alignment"), u32(4), u32(3)], /not a power of two/],
  // llama.cpp ends the process where it is no uint32.
  ["a float as alignment", [head(0n, 1n), named("general.alignment"), u32(6), u32(0x42000000)], /as uint32/],
  ["alignment 0", [head(0n, 1n), named("general.alignment"), u32(4), u32(0)], /not a power of two/],
  [
    "more values than any model has",
    [head(0n, 65_537n), Buffer.alloc(65_537 * 13)],
    /65537 metadata values \(at most 65536\)/,
  ],
  ["five dimensions", [head(1n, 0n), tensor("t", [1n, 1n, 1n, 1n, 1n], 0, 0n)], /5 dimensions/],
  ["an unknown tensor type", [head(1n, 0n), tensor("t", [32n], 77, 0n)], /unknown type 77/],
  ["rows that end inside a block", [head(1n, 0n), tensor("t", [33n], 2, 0n)], /rows of 33 values/],
  ["a huge shape", [head(1n, 0n), tensor("t", [1n << 40n, 1n << 40n], 0, 0n)], /past the end of the file/],
  [
    "a tensor elsewhere",
    [head(1n, 0n), tensor("t", [1n], 0, 32n), Buffer.alloc(64)],
    /starts at offset 32, not at 0/,
  ],
  ["a long name", [head(1n, 0n), tensor("t".repeat(64), [1n], 0, 0n)], /64 bytes long \(at most 63\)/],
];
for (const [what, parts, message] of broken) {
  test(`a file with ${what} is refused`, async () => {
    const path = join(folder, "broken.gguf");
    await writeFile(path, Buffer.concat(parts));
    await assert.rejects(readWhole(path), (error: Error) => {
      assert.ok(error instanceof MalformedInput || error instanceof Unsupported);
      assert.match(error.message, message);
      return true;
    });
  });
}

test("metadata of another type than expected is refused", () => {
  const reader = new MetadataReader(new Map([["a", uint32(7)]]), "test", "model.gguf");
  assert.equal(reader.number("a"), 7);
  assert.equal(reader.string("b"), undefined);
  assert.throws(() => reader.string("a"), /metadata "a" is not a text/);
  assert.throws(() => reader.require("b", reader.strings("b")), /metadata "b" is not there/);
});

test("a writer that fails leaves nothing behind", async () => {
  const path = join(folder, "failed.gguf");
  const full = Object.assign(new Error("write"), { code: "ENOSPC" });
  const tensors = [{ name: "a", shape: [4], type: "F32" }];
  await assert.rejects(
    writeGguf(path, "test", new Map(), tensors, () => Promise.reject(full)),
    /test failed.gguf: no space left/,
  );
  await assert.rejects(
    writeGguf(path, "test", new Map(), tensors, async function* () {
      yield new Uint8Array(8);
      yield new Uint8Array(4);
    }),
    TypeError,
  );
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.startsWith("failed")),
    [],
  );
});
