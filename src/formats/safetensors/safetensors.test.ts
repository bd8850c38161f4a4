import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { KouwenError, MalformedInput, Unavailable, Unsupported } from "../../errors.js";
import { createRandom } from "../../random.js";
import { elementCount, PLAIN_BYTES } from "../plain.js";
import { rowBatches } from "../rows.js";
import { openModelTensors, openSafetensors } from "./read.js";
import { writeSafetensors } from "./write.js";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "safetensors-"));
});
after(() => rm(folder, { recursive: true }));

/** A file with this header text and as many data bytes. */
async function writeRaw(header: string, dataBytes: number): Promise<string> {
  const path = join(folder, "raw.safetensors");
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(header)));
  await writeFile(path, Buffer.concat([length, Buffer.from(header), Buffer.alloc(dataBytes)]));
  return path;
}

const readWhole = async (path: string) => {
  const source = await openSafetensors([path], "test");
  try {
    for (const name of source.tensors.keys()) await source.readBytes(name);
  } finally {
    await source.close();
  }
};

test("what is written is read back, whatever the shapes and types", async () => {
  const path = join(folder, "round.safetensors");
  const tensor = fc.record({
    shape: fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 }),
    type: fc.constantFrom("F32" as const, "F16" as const, "BF16" as const),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.string({ unit: "binary" }), tensor),
      fc.string(),
      async (byName, remark) => {
        const tensors = Object.entries(byName)
          .filter(([name]) => name !== "__metadata__")
          .map(([name, value]) => ({ name, ...value }));
        const random = createRandom(remark);
        const stored = new Map(
          tensors.map(({ name, shape, type }) => {
            const length = elementCount(shape) * PLAIN_BYTES[type];
            return [name, Uint8Array.from({ length }, () => random() * 256)];
          }),
        );
        await writeSafetensors(path, "test", tensors, ({ name }) => stored.get(name)!, { remark });
        const source = await openSafetensors([path], "test");
        assert.deepEqual(source.metadata, { remark });
        assert.equal(source.tensors.size, tensors.length);
        for (const { name, shape, type } of tensors) {
          assert.deepEqual(source.tensors.get(name)!.shape, shape);
          assert.equal(source.tensors.get(name)!.type, type);
          assert.deepEqual(await source.readBytes(name), stored.get(name));
        }
        await source.close();
      },
    ),
    { numRuns: 50 },
  );
});

const broken: [string, string, number, RegExp][] = [
  ["not JSON", "{", 0, /not JSON/],
  ["an array", "[]", 0, /not a JSON object/],
  ["no offsets", '{"a":{"dtype":"F32","shape":[1]}}', 4, /tensor "a" has no proper/],
  ["a negative length", '{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}', 4, /no proper/],
  ["an unknown type", '{"a":{"dtype":"F7","shape":[1],"data_offsets":[0,4]}}', 4, /unknown type "F7"/],
  ["a shape that disagrees", '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}', 4, /needs 8/],
  ["past the end", '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', 4, /past the end of the file/],
  ["a hole at the start", '{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}', 8, /starts at byte/],
  ["a tail", '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 9, /5 bytes at the end/],
  [
    "huge numbers",
    '{"a":{"dtype":"F32","shape":[9007199254740991,9007199254740991],"data_offsets":[0,4]}}',
    4,
    /needs/,
  ],
  [
    "an overlap",
    '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}',
    8,
    /tensor "b" starts at byte/,
  ],
  [
    "a repeated key",
    '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\\u0061":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
    4,
    /"a" is in the header twice/,
  ],
];
for (const [what, header, dataBytes, message] of broken) {
  test(`a header with ${what} is refused`, async () => {
    const path = await writeRaw(header, dataBytes);
    await assert.rejects(readWhole(path), (error: Error) => {
      assert.ok(error instanceof MalformedInput);
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
  });
}

test("a header longer than the file is refused before it is allocated", async () => {
  const path = join(folder, "long.safetensors");
  const bytes = Buffer.alloc(64);
  bytes.writeBigUInt64LE(2n ** 60n);
  await writeFile(path, bytes);
  await assert.rejects(readWhole(path), /says it is 1152921504606846976 bytes long \(at most 56\)/);
});

test("cut short anywhere, or with bytes of its header changed, a file is read or refused, never worse", async () => {
  const path = join(folder, "whole.safetensors");
  const tensors = ["a", "b", "c"].map((name) => ({ name, shape: [3, 4], type: "F16" as const }));
  await writeSafetensors(path, "test", tensors, () => new Uint8Array(24));
  const whole = await readFile(path);
  const mutated = join(folder, "mutated.safetensors");
  for (let length = 0; length < whole.length; length += 3) {
    await writeFile(mutated, whole);
    await truncate(mutated, length);
    await assert.rejects(readWhole(mutated), MalformedInput);
  }
  const random = createRandom("mutations");
  const headerEnd = whole.length - 72;
  for (let round = 0; round < 300; round += 1) {
    const bytes = Buffer.from(whole);
    for (let change = 0; change < 3; change += 1)
      bytes[Math.floor(random() * headerEnd)] = Math.floor(random() * 256);
    await writeFile(mutated, bytes);
    await readWhole(mutated).catch((error: unknown) =>
      assert.ok(error instanceof KouwenError, String(error)),
    );
  }
});

test("a name of many megabytes and endless axes without elements cost no more than their bytes", async () => {
  const name = "\\u0061\\n".repeat(2_000_000);
  const path = await writeRaw(
    `{"${name}":{"dtype":"F16","shape":[9007199254740991,0],"data_offsets":[0,0]}}`,
    0,
  );
  const source = await openSafetensors([path], "test");
  const [tensor] = source.tensors.values();
  assert.equal(tensor!.name.length, 4_000_000);
  assert.deepEqual([...rowBatches(tensor!.shape)], []);
  await source.close();
});

test("a header longer than a thousand layers need is refused before it is parsed", async () => {
  const path = await writeRaw(" ".repeat((1 << 24) + 1), 0);
  await assert.rejects(readWhole(path), /says it is 16777217 bytes long \(at most 16777216\)/);
});

test("a folder of shards is one source; index and shards must agree", async () => {
  const shard = (name: string) => join(folder, name);
  const index = (weightMap: Record<string, string>) =>
    writeFile(join(folder, "model.safetensors.index.json"), JSON.stringify({ weight_map: weightMap }));
  const one = (name: string, value: number) =>
    writeSafetensors(
      shard(`${name}.safetensors`),
      "test",
      [{ name, shape: [1], type: "F32" }],
      () => new Uint8Array(Float32Array.of(value).buffer),
    );
  await one("x", 1);
  await one("y", 2);
  // Shards are gone through by name, whatever the order of the index.
  await index({ y: "y.safetensors", x: "x.safetensors" });
  const source = await openModelTensors(folder, "test");
  assert.deepEqual([...source.tensors.keys()], ["x", "y"]);
  assert.deepEqual(await source.readFloat32("y"), Float32Array.of(2));
  await assert.rejects(source.readBytes("z"), /tensor "z" is missing/);
  await source.close();
  await index({ x: "x.safetensors", y: "x.safetensors" });
  await assert.rejects(openModelTensors(folder, "test"), /names 2 tensors, the shards hold 1/);
  await index({ x: "../x.safetensors" });
  await assert.rejects(openModelTensors(folder, "test"), /not a plain file name/);
  await index({ x: "none.safetensors" });
  await assert.rejects(openModelTensors(folder, "test"), Unavailable);
});

test("whole-number tensors can be copied but are not read as float32", async () => {
  const path = await writeRaw('{"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}', 8);
  const source = await openSafetensors([path], "test");
  assert.equal((await source.readBytes("a")).byteLength, 8);
  await assert.rejects(source.readFloat32("a"), Unsupported);
  await source.close();
});

test("a writer that fails leaves nothing behind", async () => {
  const path = join(folder, "failed.safetensors");
  const full = Object.assign(new Error("write"), { code: "ENOSPC" });
  const tensors = [{ name: "a", shape: [1], type: "F32" as const }];
  await assert.rejects(
    writeSafetensors(path, "test", tensors, () => Promise.reject(full)),
    /test failed.safetensors: no space left/,
  );
  await assert.rejects(
    writeSafetensors(path, "test", tensors, () => new Uint8Array(3)),
    TypeError,
  );
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.startsWith("failed")),
    [],
  );
});
