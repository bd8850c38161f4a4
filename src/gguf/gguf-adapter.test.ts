import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { MalformedInput } from "../errors.js";
import { openGguf } from "../formats/gguf/read.js";
import { writeTinyModel } from "../../test/tiny-model.js";
import { ggufAdapter } from "./gguf-adapter.js";

const GOLDEN = fileURLToPath(new URL("../../../test/golden/", import.meta.url));

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "gguf-adapter-"));
  for (const architecture of ["llama", "qwen2"] as const) {
    await writeTinyModel(join(folder, architecture), { architecture, tied: true, seed: 1, layers: 1 });
  }
});
after(() => rm(folder, { recursive: true }));

type Golden = {
  metadata: Record<string, { type: [string]; value: unknown }>;
  tensors: Record<string, { type: string; shape: number[]; sha256: string }>;
};

const paths = (base: string, adapter: string) => ({
  base: join(folder, base),
  adapter: join(GOLDEN, "merge", adapter),
  gguf: join(folder, "adapter.gguf"),
});

// The qwen2 adapter is rank-stabilized, which the converter does not see: alpha 10 and rank 5 there.
for (const [model, name, alpha] of [
  ["llama", "Llama", 8],
  ["qwen2", "Qwen2", Math.fround(10 * Math.sqrt(5))],
] as const) {
  test(`a PEFT adapter of a ${model} model becomes the file that llama.cpp's converter makes of it`, async () => {
    const golden = JSON.parse(
      await readFile(join(GOLDEN, "gguf", `adapter-${model}.json`), "utf8"),
    ) as Golden;
    const { matrices } = await ggufAdapter(paths(model, model), name);
    assert.equal(matrices, Object.keys(golden.tensors).length);
    const file = await openGguf(join(folder, "adapter.gguf"), "test");
    assert.deepEqual([...file.tensors.keys()].sort(), Object.keys(golden.tensors).sort());
    for (const [tensor, { type, shape, sha256 }] of Object.entries(golden.tensors)) {
      assert.deepEqual(file.tensors.get(tensor)!.shape, shape, tensor);
      assert.equal(file.tensors.get(tensor)!.type, type, tensor);
      const bytes = await file.readBytes(tensor);
      assert.equal(createHash("sha256").update(bytes).digest("hex"), sha256, tensor);
    }
    const expected = Object.entries(golden.metadata).map(([key, { type, value }]) => {
      return [key, { type: type[0], value: key === "adapter.lora.alpha" ? alpha : value }];
    });
    assert.deepEqual([...file.metadata], expected);
    await file.close();
  });
}

test("an adapter of another base is refused", async () => {
  const config = JSON.parse(await readFile(join(folder, "llama", "config.json"), "utf8")) as object;
  await mkdir(join(folder, "wider"));
  await writeFile(
    join(folder, "wider", "config.json"),
    JSON.stringify({ ...config, intermediate_size: 768 }),
  );
  await assert.rejects(ggufAdapter(paths("wider", "llama"), "x"), (error: Error) => {
    assert.ok(error instanceof MalformedInput);
    assert.match(
      error.message,
      /^gguf adapter_model\.safetensors: ".*" has the shape .*, rank and base call for /,
    );
    return true;
  });
});
