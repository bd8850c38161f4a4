import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { Unsupported } from "../../errors.js";
import { dequantize } from "./dequantize.js";

const place = { stage: "test", path: "model.gguf" };

const GOLDEN = new URL("../../../../test/golden/gguf/", import.meta.url);

/** A golden file as bytes that start on a multiple of 8. Made by test/golden/gguf/make-blocks.py. */
async function golden(name: string): Promise<Uint8Array> {
  return Uint8Array.from(await readFile(new URL(`${name}.bin`, GOLDEN)));
}

for (const type of ["Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K"]) {
  test(`${type} gives the values of gguf-py, bit for bit`, async () => {
    const values = dequantize(await golden(`${type.toLowerCase()}.blocks`), type, place);
    assert.equal(values.length, 2048);
    assert.deepEqual(values, new Float32Array((await golden(`${type.toLowerCase()}.values`)).buffer));
  });
}

test("a type that is not dequantized is named, with those that are", () => {
  assert.throws(
    () => dequantize(new Uint8Array(66), "IQ2_XXS", place),
    (error: Error) =>
      error instanceof Unsupported && /type IQ2_XXS are not read \(F32, .*Q6_K are\)/.test(error.message),
  );
});
