import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Unsupported } from "../errors.js";
import { importGguf } from "../formats/gguf/to-huggingface.js";
import { float32ToFloat16 } from "../formats/half.js";
import { readModelConfig } from "../formats/model-config.js";
import { openModelTensors } from "../formats/safetensors/read.js";
import { writeSafetensors } from "../formats/safetensors/write.js";
import { templateFor } from "../formats/template/chat-template.js";
import { loadTokenizer } from "../formats/tokenizer/tokenizer.js";
import type { Progress } from "../progress.js";
import { assertAsConverted, readConverted } from "../../test/converted.js";
import { TINY_MODELS } from "../../test/golden-models.js";
import { writeTinyModel } from "../../test/tiny-model.js";
import { gguf } from "./gguf.js";

const GOLDEN = new URL("../../../test/golden/gguf/", import.meta.url);

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "gguf-stage-"));
  for (const [name, model] of Object.entries(TINY_MODELS)) await writeTinyModel(join(folder, name), model);
});
after(() => rm(folder, { recursive: true }));

async function exportTiny(model: string, target: string, progress?: Progress[]) {
  const template = templateFor(await loadTokenizer(join(folder, model), "test"), "test");
  const paths = { model: join(folder, model), gguf: join(folder, target) };
  return gguf(paths, { name: model, template }, { onProgress: (now) => progress?.push(now) });
}

for (const model of Object.keys(TINY_MODELS)) {
  test(`the folder ${model} becomes the file that llama.cpp's converter makes of it`, async () => {
    const golden = await readConverted(new URL(`converted-${model}.json`, GOLDEN));
    const progress: Progress[] = [];
    const { tensors } = await exportTiny(model, "model.gguf", progress);
    assert.deepEqual(progress.at(-1), { stage: "gguf", done: tensors, total: tensors, unit: "tensors" });
    await assertAsConverted(join(folder, "model.gguf"), golden);
  });
}

for (const model of Object.keys(TINY_MODELS)) {
  test(`a ${model} file becomes a folder again with the same configuration and weights`, async () => {
    const [path, back] = [join(folder, `${model}.gguf`), join(folder, `${model}-back`)];
    await exportTiny(model, `${model}.gguf`);
    const config = await importGguf(path, back, "test");
    // The file's begin token is the template's, whatever the configuration says.
    const { bosTokenId } = config;
    assert.deepEqual(config, { ...(await readModelConfig(join(folder, model), "test")), bosTokenId });
    const before = await openModelTensors(join(folder, model), "test");
    const after = await openModelTensors(back, "test");
    assert.deepEqual([...after.tensors.keys()], [...before.tensors.keys()]);
    for (const name of before.tensors.keys()) {
      const expected = float32ToFloat16(await before.readFloat32(name));
      assert.deepEqual(float32ToFloat16(await after.readFloat32(name)), expected, name);
    }
    await before.close();
    await after.close();
  });
}

/** A model folder whose tensors are those of the tiny one but for one value or name. */
async function writeSpoilt(name: string, change: (tensor: { name: string; values: Float32Array }) => string) {
  await writeTinyModel(join(folder, name), {
    architecture: "llama",
    tied: true,
    seed: 1,
    layers: 1,
    type: "F32",
  });
  const path = join(folder, name, "model.safetensors");
  const source = await openModelTensors(join(folder, name), "test");
  const tensors = [];
  for (const { name, shape } of source.tensors.values()) {
    const values = await source.readFloat32(name);
    tensors.push({ name: change({ name, values }), shape, type: "F32" as const, values });
  }
  await source.close();
  await writeSafetensors(path, "test", tensors, ({ values }) => new Uint8Array(values.buffer));
}

const spoil = (value: number) =>
  writeSpoilt("spoilt", ({ name, values }) => {
    if (name.endsWith("v_proj.weight")) values[5] = value;
    return name;
  });

test("values that float16 cannot hold are refused by name, and nothing is left", async () => {
  await spoil(-70000);
  await assert.rejects(exportTiny("spoilt", "spoilt.gguf"), (error: Error) => {
    assert.ok(error instanceof Unsupported);
    assert.match(
      error.message,
      /^gguf spoilt: tensor "model.layers.0.self_attn.v_proj.weight" holds -7.000e\+4,/,
    );
    return true;
  });
  await spoil(NaN);
  await assert.rejects(exportTiny("spoilt", "spoilt.gguf"), /holds NaN instead of a finite number/);
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.startsWith("spoilt.gguf")),
    [],
  );
});

test("a tensor too many, or one under another name, is refused", async () => {
  await writeSpoilt("renamed", ({ name }) => name.replace("layers.0.mlp.up_proj", "layers.0.mlp.lift"));
  await assert.rejects(
    exportTiny("renamed", "renamed.gguf"),
    /"model.layers.0.mlp.up_proj.weight" is missing/,
  );
  await writeSpoilt("extra", ({ name }) => name);
  const source = await openModelTensors(join(folder, "extra"), "test");
  const more = [...source.tensors.values()].map(({ name, shape }) => ({ name, shape, type: "F32" as const }));
  more.push({ name: "model.layers.0.self_attn.sinks", shape: [4], type: "F32" });
  const whole = new Map(
    await Promise.all(
      [...source.tensors.keys()].map(async (name) => [name, await source.readBytes(name)] as const),
    ),
  );
  await source.close();
  const path = join(folder, "extra", "model.safetensors");
  await writeSafetensors(path, "test", more, ({ name }) => whole.get(name) ?? new Uint8Array(16));
  await assert.rejects(
    exportTiny("extra", "extra.gguf"),
    /"model.layers.0.self_attn.sinks" is none of a plain/,
  );
});

test("stops at the next tensor when aborted", async () => {
  const template = templateFor(await loadTokenizer(join(folder, "llama"), "test"), "test");
  const paths = { model: join(folder, "llama"), gguf: join(folder, "aborted.gguf") };
  const controller = new AbortController();
  const onProgress = ({ done }: Progress) => done === 3 && controller.abort(new Error("stop"));
  await assert.rejects(
    gguf(paths, { name: "x", template }, { onProgress, signal: controller.signal }),
    /^Error: stop/,
  );
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.startsWith("aborted")),
    [],
  );
});
