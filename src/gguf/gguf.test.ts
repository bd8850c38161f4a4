import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Unsupported } from "../errors.js";
import { openGguf } from "../formats/gguf/read.js";
import { openModelTensors } from "../formats/safetensors/read.js";
import { writeSafetensors } from "../formats/safetensors/write.js";
import { templateFor } from "../formats/template/chat-template.js";
import { loadTokenizer } from "../formats/tokenizer/tokenizer.js";
import type { Progress } from "../progress.js";
import { writeTinyModel } from "../../test/tiny-model.js";
import { gguf } from "./gguf.js";

const GOLDEN = new URL("../../../test/golden/gguf/", import.meta.url);

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "gguf-stage-"));
  await writeTinyModel(join(folder, "llama"), { architecture: "llama", tied: true, seed: "golden" });
  await writeTinyModel(join(folder, "qwen2"), {
    architecture: "qwen2",
    tied: false,
    seed: "golden",
    type: "BF16",
  });
});
after(() => rm(folder, { recursive: true }));

async function exportTiny(model: string, target: string, progress?: Progress[]) {
  const template = templateFor(await loadTokenizer(join(folder, model), "test"), "test");
  const paths = { model: join(folder, model), gguf: join(folder, target) };
  const name = model === "llama" ? "Llama" : "Qwen2";
  return gguf(paths, { name, template }, { onProgress: (now) => progress?.push(now) });
}

type Golden = {
  metadata: Record<string, { type: string[]; value: unknown }>;
  tensors: Record<string, { type: string; shape: number[]; sha256: string }>;
};

/** What the tokenizer's owner decides otherwise than the converter; all else has to be the same. */
const OWN_KEYS = [
  "tokenizer.chat_template",
  "tokenizer.ggml.add_space_prefix",
  "tokenizer.ggml.add_eos_token",
];

for (const model of ["llama", "qwen2"]) {
  test(`a ${model} folder becomes the file that llama.cpp's converter makes of it`, async () => {
    const golden = JSON.parse(await readFile(new URL(`converted-${model}.json`, GOLDEN), "utf8")) as Golden;
    const progress: Progress[] = [];
    const { tensors } = await exportTiny(model, "model.gguf", progress);
    assert.equal(tensors, Object.keys(golden.tensors).length);
    assert.deepEqual(progress.at(-1), { stage: "gguf", done: tensors, total: tensors, unit: "tensors" });
    const file = await openGguf(join(folder, "model.gguf"), "test");
    for (const [name, { type, shape, sha256 }] of Object.entries(golden.tensors)) {
      assert.deepEqual(file.tensors.get(name)?.shape, shape, name);
      assert.equal(file.tensors.get(name)!.type, type, name);
      assert.equal(
        createHash("sha256")
          .update(await file.readBytes(name))
          .digest("hex"),
        sha256,
        name,
      );
    }
    for (const [key, { type, value }] of Object.entries(golden.metadata)) {
      if (OWN_KEYS.includes(key)) continue;
      const ours = file.metadata.get(key);
      assert.deepEqual(ours?.type === "array" ? ["array", ours.of] : [ours?.type], type, key);
      assert.deepEqual(ours?.type === "array" ? Array.from<unknown>(ours.value) : ours?.value, value, key);
    }
    const keys = [...file.metadata.keys()].filter((key) => !OWN_KEYS.includes(key));
    assert.deepEqual(
      keys.filter((key) => !(key in golden.metadata)),
      [],
    );
    await file.close();
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
