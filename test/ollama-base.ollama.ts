import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { listModels } from "../src/engines/hub/list-models.js";
import { findInOllama } from "../src/engines/hub/ollama-store.js";
import { resolveBase } from "../src/engines/hub/resolve-base.js";
import { createHost } from "../src/engines/llama-cpp/host.js";
import { openOllama } from "../src/engines/ollama/host.js";
import type { ModelHost, OllamaHost } from "../src/engines/ports.js";
import { openGguf } from "../src/formats/gguf/read.js";
import { readCodec } from "../src/formats/template/codec.js";
import { gguf } from "../src/gguf/gguf.js";
import { type RealOllama, startOllama } from "./real-ollama.js";
import { type TinyModel, writeTinyModel } from "./tiny-model.js";

let home: string;
let real: RealOllama;
let ollama: OllamaHost;
let host: ModelHost;
before(async () => {
  home = await mkdtemp(join(tmpdir(), "kouwen-ollama-base-"));
  real = await startOllama();
  ollama = await openOllama(real.url);
  host = await createHost();
});
after(async () => {
  await host?.close();
  await real?.close();
  await rm(home, { recursive: true, force: true });
});

const MODELS: Record<string, TinyModel> = {
  llama: { architecture: "llama", tied: true, seed: 4 },
  qwen2: { architecture: "qwen2", tied: false, seed: 4 },
};

for (const [name, tiny] of Object.entries(MODELS)) {
  test(`a ${name} that the real Ollama keeps as Q4_K_M is the same base as its GGUF file`, async () => {
    const at = (file: string) => join(home, name, file);
    await writeTinyModel(at("model"), tiny);
    const { template } = await readCodec(at("model"), "test");
    await gguf({ model: at("model"), gguf: at("f16.gguf") }, { name, template });
    const created = await fetch(`${real.url}/api/create`, {
      method: "POST",
      body: JSON.stringify({
        model: name,
        files: { "f16.gguf": await ollama.putBlob(at("f16.gguf")) },
        quantize: "q4_K_M",
        stream: false,
      }),
    });
    assert.equal(created.status, 200, await created.text());
    const options = {
      cacheFolder: at("cache"),
      env: { HOME: home, OLLAMA_MODELS: real.store, HF_HUB_OFFLINE: "1" },
    };
    const { path: source } = await findInOllama(name, options.env);
    const listed = await listModels(options.cacheFolder, options.env);
    assert.ok(listed.some((model) => model.name === `ollama:${name}:latest` && model.whole));

    const fromOllama = await resolveBase(`ollama:${name}`, options);
    assert.equal(fromOllama.name, `ollama:${name}`);
    const fromFile = await resolveBase(source, options);
    for (const file of ["config.json", "tokenizer.json", "model.safetensors"]) {
      const [ours, theirs] = await Promise.all(
        [fromOllama, fromFile].map(({ folder }) => readFile(join(folder, file))),
      );
      assert.ok(ours!.equals(theirs!), file);
    }

    const again = at("again.gguf");
    await gguf({ model: fromOllama.folder, gguf: again }, { name, template });
    await assertDequantized(source, again);
    const drawn = await draw(source, () => []);
    const scored = await draw(again, (at) => drawn[at]!.ids);
    const off = drawn.flatMap(({ scores }, at) =>
      [...scores].map((score, id) => Math.abs(score - scored[at]!.scores[id]!)),
    );
    // llama.cpp rounds what it multiplies with four-bit matrices to eight bits, which it does not with float16; weights
    // of another model would be off by whole nats.
    assert.ok(Math.max(...off) < 0.3, String(off));
  });
}

/** What a model draws after some prompts, the likeliest token always, and how likely it finds that or another reply. */
async function draw(path: string, reply: (at: number) => number[]) {
  const model = await host.load(path, { contextTokens: 256, sequences: 1 });
  const sampling = { temperature: 0, topP: 1, repeatPenalty: 1, maxTokens: 12, seed: 1 };
  const replies = [];
  for (const [at, text] of ["周六去爬山不", "ok see you there", "what are you doing today?"].entries()) {
    const prompt = model.tokenize(text, false);
    const { ids } = await model.generate(prompt, [], sampling);
    const other = reply(at);
    replies.push({ ids, scores: await model.score(prompt, other.length > 0 ? other : ids) });
  }
  await model.close();
  return replies;
}

/** The matrices of the first file are in four bits, those of the second the same numbers, rounded to float16. */
async function assertDequantized(quantized: string, again: string): Promise<void> {
  const [source, target] = [await openGguf(quantized, "test"), await openGguf(again, "test")];
  try {
    const types = new Set([...source.tensors.values()].map(({ type }) => type));
    assert.ok(types.has("Q4_K") && types.has("Q6_K"), [...types].join());
    for (const tensor of source.tensors.keys()) {
      const [wanted, found] = [await source.readFloat32(tensor), await target.readFloat32(tensor)];
      assert.equal(found.length, wanted.length);
      // Half of the last of eleven bits, and of the smallest step near zero.
      const wrong = wanted.findIndex(
        (value, index) => Math.abs(found[index]! - value) > Math.max(2 ** -11 * Math.abs(value), 2 ** -25),
      );
      assert.equal(wrong, -1, tensor);
    }
  } finally {
    await source.close();
    await target.close();
  }
}
