import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { LimitExceeded, MalformedInput, Unsupported } from "../../errors.js";
import { createRandom } from "../../random.js";
import { writeTinyModel } from "../../../test/tiny-model.js";
import { type ModelConfig, readModelConfig } from "../model-config.js";
import { fromFloat32 } from "../plain.js";
import { openModelTensors } from "../safetensors/read.js";
import { templateFor } from "../template/chat-template.js";
import { tokenizerMetadata } from "../tokenizer/to-gguf.js";
import { loadTokenizer, readTokenizerFiles } from "../tokenizer/tokenizer.js";
import { interleaveHeadRows, separateHeadRows } from "./head-rows.js";
import { modelTensors } from "./layout.js";
import { type GgufMetadata, float32, string, uint32 } from "./metadata.js";
import { modelMetadata } from "./model-metadata.js";
import { openGguf } from "./read.js";
import { huggingFaceConfig } from "./to-config.js";
import { importGguf } from "./to-huggingface.js";
import { writeGguf } from "./write.js";

let folder: string;
let config: ModelConfig;
let metadata: GgufMetadata;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "to-huggingface-"));
  const model = join(folder, "llama");
  config = await writeTinyModel(model, { architecture: "llama", tied: true, seed: 3, layers: 1 });
  const template = templateFor(await loadTokenizer(model, "test"), "test");
  const tokenizer = tokenizerMetadata(await readTokenizerFiles(model, "test"), template, config, "test");
  metadata = new Map([...modelMetadata(config, "tiny", 1e6), ...tokenizer]);
});
after(() => rm(folder, { recursive: true }));

/** The tiny llama model as a GGUF file with other metadata or tensors. */
async function writeTinyGguf(changed: GgufMetadata = metadata, skip = ""): Promise<string> {
  const path = join(folder, "tiny.gguf");
  const source = await openModelTensors(join(folder, "llama"), "test");
  const tensors = modelTensors(config)
    .filter(({ ggufName }) => ggufName !== skip)
    .map(({ name, ggufName, ...rest }) => ({ ...rest, source: name, name: ggufName, type: "F32" }));
  await writeGguf(path, "test", changed, tensors, async ({ source: name, interleaved, shape }) => {
    const bytes = fromFloat32(await source.readFloat32(name), "F32");
    return interleaved ? interleaveHeadRows(bytes, config.headSize, bytes.byteLength / shape[0]!) : bytes;
  });
  await source.close();
  return path;
}

test("a model that went into a GGUF file comes out as it was", async () => {
  const target = join(folder, "back");
  assert.deepEqual(await importGguf(await writeTinyGguf(), target, "test"), config);
  assert.deepEqual(await readModelConfig(target, "test"), config);
  const [before, after] = await Promise.all(
    [join(folder, "llama"), target].map((path) => openModelTensors(path, "test")),
  );
  assert.deepEqual([...after!.tensors.keys()], [...before!.tensors.keys()]);
  for (const name of before!.tensors.keys()) {
    assert.equal(after!.tensors.get(name)!.type, "F16");
    assert.deepEqual(await after!.readBytes(name), await before!.readBytes(name), name);
  }
  await Promise.all([before!.close(), after!.close()]);
  const [own, back] = await Promise.all(
    [join(folder, "llama"), target].map((path) => loadTokenizer(path, "test")),
  );
  for (const text of ["hello there 123", "你在吗？明天", "\n\n  a"])
    assert.deepEqual(back!.encode(text), own!.encode(text));
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.includes("partial")),
    [],
  );
});

test("separating head rows undoes interleaving; halves become neighbours", () => {
  const rows = Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7);
  assert.deepEqual(interleaveHeadRows(rows, 4, 1), Uint8Array.of(0, 2, 1, 3, 4, 6, 5, 7));
  const random = createRandom(1);
  const bytes = Uint8Array.from({ length: 3 * 64 * 5 }, () => random() * 256);
  assert.deepEqual(separateHeadRows(interleaveHeadRows(bytes, 64, 5), 64, 5), bytes);
});

const change = (key: string, value: ReturnType<typeof string>) => new Map([...metadata, [key, value]]);
const without = (key: string) => new Map([...metadata].filter(([name]) => name !== key));

const refused: [string, () => GgufMetadata, typeof Unsupported | typeof MalformedInput, RegExp][] = [
  [
    "another architecture",
    () => change("general.architecture", string("gemma3")),
    Unsupported,
    /architecture is not llama, qwen2 or qwen3/,
  ],
  [
    "scaled positions",
    () => change("llama.rope.scaling.type", string("yarn")),
    Unsupported,
    /scaled as "yarn"/,
  ],
  ["a split file", () => change("split.count", uint32(3)), Unsupported, /part of a split file/],
  [
    "partial rotation",
    () => change("llama.rope.dimension_count", uint32(32)),
    Unsupported,
    /part of each head/,
  ],
  [
    "a missing number",
    () => without("llama.block_count"),
    MalformedInput,
    /"llama.block_count" is not there/,
  ],
  [
    "a fraction of a layer",
    () => change("llama.block_count", float32(1.5)),
    MalformedInput,
    /num_hidden_layers/,
  ],
  [
    "more layers than there are",
    () => change("llama.block_count", uint32(2)),
    MalformedInput,
    /"blk.1.attn_norm.weight" is missing/,
  ],
  [
    "other sizes",
    () => change("llama.feed_forward_length", uint32(544)),
    MalformedInput,
    /calls for \[544,256\]/,
  ],
  [
    "a sentencepiece tokenizer",
    () => change("tokenizer.ggml.model", string("llama")),
    Unsupported,
    /tokenizer "llama"/,
  ],
];
for (const [what, changed, kind, message] of refused) {
  test(`a file with ${what} is refused`, async () => {
    await assert.rejects(
      importGguf(await writeTinyGguf(changed()), join(folder, "refused"), "test"),
      (error: Error) => {
        assert.ok(error instanceof kind, String(error));
        assert.match(error.message, message);
        return true;
      },
    );
    assert.ok(!(await readdir(folder)).some((name) => name.startsWith("refused")));
  });
}

test("positions that are scaled otherwise than Llama 3's are refused", async () => {
  const file = await openGguf(await writeTinyGguf(), "test");
  assert.throws(
    () => huggingFaceConfig(file, "test", new Float32Array(32).fill(4)),
    /otherwise than Llama 3's/,
  );
  await file.close();
});

test("when the disk fills up, no folder is left and an older one stays", async () => {
  const target = join(folder, "kept");
  const path = await writeTinyGguf();
  await importGguf(path, target, "test");
  const full = Object.assign(new Error("write"), { code: "ENOSPC" });
  const onProgress = () => {
    throw full;
  };
  await assert.rejects(importGguf(path, target, "test", { onProgress }), LimitExceeded);
  assert.ok((await readdir(target)).includes("model.safetensors"));
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.includes("partial")),
    [],
  );
});
