import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createHost } from "../src/engines/llama-cpp/host.js";
import type { ServingHost, ServingModel } from "../src/engines/ports.js";
import { templateFor } from "../src/formats/template/chat-template.js";
import { loadTokenizer } from "../src/formats/tokenizer/tokenizer.js";
import { ggufAdapter } from "../src/gguf/gguf-adapter.js";
import { gguf } from "../src/gguf/gguf.js";
import { merge } from "../src/merge/merge.js";
import { createRandom, normal } from "../src/random.js";
import { writeAdapter } from "../src/train/adapter-files.js";
import { layoutLora, TARGETS, type Lora } from "../src/train/lora.js";
import { writeTinyModel } from "./tiny-model.js";

// The base's GGUF with the adapter's on top is the merged model, and the base beside it stays what it is.

const PROMPT = Array.from({ length: 24 }, (_, index) => (index * 37 + 5) % 390);
const LORAS: Record<"llama" | "qwen2", Lora> = {
  llama: { rank: 4, alpha: 8, rslora: false, targets: TARGETS },
  qwen2: { rank: 4, alpha: 4, rslora: true, targets: TARGETS },
};

let home: string;
let host: ServingHost;
before(async () => {
  home = await mkdtemp(join(tmpdir(), "kouwen-adapter-"));
  host = await createHost();
});
after(async () => {
  await host.close();
  await rm(home, { recursive: true, force: true });
});

/** The logarithm of the probability of every token after the prompt. */
async function nextScores(model: ServingModel, vocabSize: number): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  const sampling = { temperature: 0, topP: 1, repeatPenalty: 1, maxTokens: 1, seed: 1, topScores: vocabSize };
  await model.generate(PROMPT, [], sampling, {
    onToken: (_, scores) => {
      for (const { id, logProbability } of scores!.top) found.set(id, logProbability);
    },
  });
  return found;
}

function divergence(p: Map<number, number>, q: Map<number, number>): number {
  return [...p].reduce((sum, [token, score]) => sum + Math.exp(score) * (score - q.get(token)!), 0);
}

for (const architecture of ["llama", "qwen2"] as const) {
  test(`${architecture}: the base with the adapter on top gives the merged model's probabilities`, async () => {
    const base = join(home, architecture);
    const at = (name: string) => join(base, name);
    const config = await writeTinyModel(base, { architecture, tied: true, seed: 3 });
    const lora = LORAS[architecture];
    const random = createRandom(architecture);
    const weights = Float32Array.from(
      { length: layoutLora(config, lora).length },
      () => 0.05 * normal(random),
    );
    await writeAdapter(at("adapter"), { config, lora, weights, baseName: "tiny" });
    await merge({ base, adapter: at("adapter"), model: at("merged") });
    const options = { name: "tiny", template: templateFor(await loadTokenizer(base, "test"), "test") };
    await gguf({ model: base, gguf: at("base.gguf") }, options);
    await gguf({ model: at("merged"), gguf: at("merged.gguf") }, options);
    await ggufAdapter({ base, adapter: at("adapter"), gguf: at("adapter.gguf") }, "tiny");

    const load = (name: string, adapter?: string) =>
      host.load(at(name), { contextTokens: 256, sequences: 1, ...(adapter && { adapter: at(adapter) }) });
    const models = await Promise.all([
      load("merged.gguf"),
      load("base.gguf", "adapter.gguf"),
      load("base.gguf"),
      load("base.gguf", "adapter.gguf"),
    ]);
    const all = await Promise.all(models.map((model) => nextScores(model, config.vocabSize)));
    const [merged, onTop, plain, again] = all as [(typeof all)[0], ...typeof all];
    // Activations are rounded to float16 on the way, and the merged weights too.
    assert.equal(merged.size, config.vocabSize);
    assert.ok(divergence(merged, onTop!) < 1e-4, `${divergence(merged, onTop!)}`);
    assert.ok(divergence(merged, plain!) > 0.05, `${divergence(merged, plain!)}`);
    assert.deepEqual(again, onTop);

    const states = await Promise.all(models.map((model) => model.embed(PROMPT)));
    const distance = (a: number, b: number) =>
      Math.hypot(...states[a]!.map((value, at) => value - states[b]![at]!)) / Math.hypot(...states[a]!);
    assert.ok(distance(0, 1) < 0.01, `${distance(0, 1)}`);
    assert.ok(distance(0, 2) > 0.1, `${distance(0, 2)}`);
    for (const model of models) await model.close();
  });
}
