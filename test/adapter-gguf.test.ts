import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { getLlama, type Llama, LlamaLogLevel, type Token } from "node-llama-cpp";
import { templateFor } from "../src/formats/template/chat-template.js";
import { loadTokenizer } from "../src/formats/tokenizer/tokenizer.js";
import { ggufAdapter } from "../src/gguf/gguf-adapter.js";
import { gguf } from "../src/gguf/gguf.js";
import { merge } from "../src/merge/merge.js";
import { createRandom, normal } from "../src/random.js";
import { writeAdapter } from "../src/train/adapter-files.js";
import { layoutLora, TARGETS, type Lora } from "../src/train/lora.js";
import { writeTinyModel } from "./tiny-model.js";

// In llama.cpp the base's GGUF with the adapter's on top is the merged model. Our host loads whole models only, so
// node-llama-cpp's own loader is asked here.

const PROMPT = Array.from({ length: 24 }, (_, index) => ((index * 37 + 5) % 390) as Token);
const LORAS: Record<"llama" | "qwen2", Lora> = {
  llama: { rank: 4, alpha: 8, rslora: false, targets: TARGETS },
  qwen2: { rank: 4, alpha: 4, rslora: true, targets: TARGETS },
};

let home: string;
let llama: Llama;
before(async () => {
  home = await mkdtemp(join(tmpdir(), "kouwen-adapter-"));
  llama = await getLlama({ build: "never", skipDownload: true, logLevel: LlamaLogLevel.disabled });
});
after(async () => {
  await llama.dispose();
  await rm(home, { recursive: true, force: true });
});

/** The probability of every token after the prompt. */
async function nextProbabilities(model: string, adapter?: string): Promise<Map<Token, number>> {
  const loaded = await llama.loadModel({ modelPath: model });
  const lora = adapter === undefined ? {} : { lora: { adapters: [{ filePath: adapter, scale: 1 }] } };
  const context = await loaded.createContext({ contextSize: 256, ...lora });
  const results = await context.getSequence().controlledEvaluate(
    PROMPT.map((token, index) =>
      index === PROMPT.length - 1
        ? [
            token,
            {
              generateNext: { probabilities: true, options: { temperature: 1, topK: 0, topP: 1, minP: 0 } },
            },
          ]
        : token,
    ),
  );
  const found = results.at(-1)!.next.probabilities!;
  await loaded.dispose();
  return new Map(found);
}

function divergence(p: Map<Token, number>, q: Map<Token, number>): number {
  return [...p].reduce(
    (sum, [token, value]) => sum + (value > 0 ? value * Math.log(value / q.get(token)!) : 0),
    0,
  );
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

    const merged = await nextProbabilities(at("merged.gguf"));
    const onTop = await nextProbabilities(at("base.gguf"), at("adapter.gguf"));
    const plain = await nextProbabilities(at("base.gguf"));
    // Activations are rounded to float16 on the way, and the merged weights too.
    assert.equal(merged.size, config.vocabSize);
    assert.ok(divergence(merged, onTop) < 1e-4, `${divergence(merged, onTop)}`);
    assert.ok(divergence(merged, plain) > 0.05, `${divergence(merged, plain)}`);
  });
}
