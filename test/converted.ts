import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { GgufValue } from "../src/formats/gguf/metadata.js";
import { type GgufFile, openGguf } from "../src/formats/gguf/read.js";

/** What a golden says of tensors, in the order of the file; `values` are equal within 2e-6, relatively. */
export type GoldenTensors = Record<
  string,
  { type: string; shape: number[] } & ({ sha256: string } | { sha256: null; values: number[] })
>;

/** What `test/golden/gguf/make-converted.py` says of a file that llama.cpp's converter made. */
export type Converted = {
  metadata: Record<string, { type: string[]; value: unknown }>;
  tensors: GoldenTensors;
};

/** What we decide otherwise than the converter, each for a reason in docs/decisions/gguf.md; all else is the same. */
const OWN_KEYS = [
  "general.name",
  "tokenizer.chat_template",
  "tokenizer.ggml.add_space_prefix",
  "tokenizer.ggml.add_eos_token",
  "tokenizer.ggml.add_sep_token",
];

/** Reads what make-converted.py wrote. */
export async function readConverted(path: string | URL): Promise<Converted> {
  return JSON.parse(await readFile(path, "utf8")) as Converted;
}

/** Checks that a GGUF has the converter's tensors, byte for byte and in its order, and its metadata but for our keys. */
export async function assertAsConverted(path: string, { metadata, tensors }: Converted): Promise<void> {
  const file = await openGguf(path, "test");
  try {
    await assertTensors(file, tensors);
    const compared = (keys: Iterable<string>) => [...keys].filter((key) => !OWN_KEYS.includes(key)).sort();
    assert.deepEqual(compared(file.metadata.keys()), compared(Object.keys(metadata)));
    for (const key of compared(file.metadata.keys())) {
      assert.deepEqual(described(file.metadata.get(key)!), metadata[key], key);
    }
  } finally {
    await file.close();
  }
}

/** Checks that a file holds exactly these tensors, byte for byte and in this order. */
export async function assertTensors(file: GgufFile, tensors: GoldenTensors): Promise<void> {
  assert.deepEqual([...file.tensors.keys()], Object.keys(tensors));
  for (const [name, expected] of Object.entries(tensors)) {
    const { type, shape } = file.tensors.get(name)!;
    assert.deepEqual({ type, shape }, { type: expected.type, shape: expected.shape }, name);
    if (expected.sha256 !== null) {
      assert.equal(sha256(await file.readBytes(name)), expected.sha256, name);
      continue;
    }
    for (const [at, value] of (await file.readFloat32(name)).entries()) {
      assert.ok(Math.abs(value / expected.values[at]! - 1) < 2e-6, `${name} ${at}: ${value}`);
    }
  }
}

function described(value: GgufValue): Converted["metadata"][string] {
  if (value.type !== "array") return { type: [value.type], value: value.value };
  const items = Array.from<unknown>(value.value);
  const brief = { length: items.length, sha256: sha256(items.join("\n")) };
  return { type: ["array", value.of], value: items.length > 16 ? brief : items };
}

function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
