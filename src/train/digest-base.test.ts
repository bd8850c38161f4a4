import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { writeTinyModel } from "../../test/tiny-model.js";
import { openModelTensors } from "../formats/safetensors/read.js";
import { writeSafetensors } from "../formats/safetensors/write.js";
import { digestBase } from "./digest-base.js";

test("a base of the same shapes with other weights is another one, and so is one with a single other tensor", async () => {
  const folder = await mkdtemp(join(tmpdir(), "kouwen-digest-"));
  try {
    const model = { architecture: "llama", tied: true, layers: 1 } as const;
    const at = (name: string) => join(folder, name);
    for (const seed of [1, 2]) await writeTinyModel(at(String(seed)), { ...model, seed });
    await writeTinyModel(at("again"), { ...model, seed: 1 });
    await writeTinyModel(at("mixed"), { ...model, seed: 2 });
    await copyFile(at("1/config.json"), at("mixed/config.json"));
    const [one, two] = await Promise.all([1, 2].map((seed) => openModelTensors(at(String(seed)), "test")));
    const tensors = [...one!.tensors.values()].map((tensor) => ({ ...tensor, type: "F16" as const }));
    const other = "model.layers.0.mlp.up_proj.weight";
    await writeSafetensors(at("mixed/model.safetensors"), "test", tensors, ({ name }) =>
      (name === other ? two! : one!).readBytes(name),
    );
    await one!.close();
    await two!.close();
    const digests = await Promise.all(["1", "2", "again", "mixed"].map((name) => digestBase(at(name))));
    assert.equal(digests[2], digests[0]);
    assert.equal(new Set(digests).size, 3);
  } finally {
    await rm(folder, { recursive: true });
  }
});
