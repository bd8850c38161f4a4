import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { createHost } from "../src/engines/llama-cpp/host.js";
import { readBaseWeights } from "../src/engines/onnxruntime/base-weights.js";
import { createModel } from "../src/engines/onnxruntime/model.js";
import { numberTypes } from "../src/engines/onnxruntime/number-types.js";
import type { LoadedModel, ModelHost } from "../src/engines/ports.js";
import type { Architecture } from "../src/formats/model-config.js";
import { templateFor } from "../src/formats/template/chat-template.js";
import { encodeDialogue, render } from "../src/formats/template/encode.js";
import { loadTokenizer } from "../src/formats/tokenizer/tokenizer.js";
import { gguf } from "../src/gguf/gguf.js";
import { merge } from "../src/merge/merge.js";
import { createRandom, normal } from "../src/random.js";
import { writeAdapter } from "../src/train/adapter-files.js";
import { layoutLora, TARGETS, type Lora } from "../src/train/lora.js";
import { packRun } from "../src/train/pack.js";
import { TINY_MODELS } from "./golden-models.js";
import { type TinyModel, writeTinyModel } from "./tiny-model.js";

// What was trained is what is served: base and adapter in the trainer against the merged F16 GGUF in llama.cpp.

/** By architecture, so that both scales are seen. */
const LORAS: Record<Architecture, Lora> = {
  llama: { rank: 4, alpha: 8, rslora: false, targets: TARGETS },
  qwen2: { rank: 4, alpha: 4, rslora: true, targets: TARGETS },
  qwen3: { rank: 3, alpha: 6, rslora: false, targets: TARGETS },
};
const POSITIONS = 32;
/** Candidates compared one by one; all others together are one more. */
const CANDIDATES = 24;
/** Nats; llama.cpp rounds activations to float16 on the way. */
const NEAR_TIE = 0.02;

let home: string;
let host: ModelHost;
before(async () => {
  home = await mkdtemp(join(tmpdir(), "kouwen-parity-"));
  host = await createHost();
});
after(async () => {
  await host.close();
  await rm(home, { recursive: true, force: true });
});

const MODELS: Readonly<Record<string, TinyModel>> = {
  llama: { architecture: "llama", tied: true, seed: 11 },
  qwen2: { architecture: "qwen2", tied: false, seed: 11 },
  qwen3: { architecture: "qwen3", tied: true, seed: 11 },
  "qwen3, untied": {
    architecture: "qwen3",
    tied: false,
    seed: 11,
    layers: 1,
    config: { num_key_value_heads: 4 },
  },
  "llama 3": TINY_MODELS["llama3"]!,
};
for (const [name, tiny] of Object.entries(MODELS)) {
  const lora = LORAS[tiny.architecture];
  describe(name, () => {
    test("the exported F16 model gives the trainer's probabilities", async () => {
      const base = join(home, name);
      const config = await writeTinyModel(base, tiny);
      const layout = layoutLora(config, lora);
      const random = createRandom(name);
      const weights = Float32Array.from({ length: layout.length }, () => 0.05 * normal(random));
      await writeAdapter(join(base, "adapter"), { config, lora, weights, baseName: "tiny" });
      await merge({ base, adapter: join(base, "adapter"), model: join(base, "merged") });
      const template = templateFor(await loadTokenizer(base, "test"), "test");
      await gguf({ model: join(base, "merged"), gguf: join(base, "f16.gguf") }, { name: "tiny", template });

      const types = numberTypes("exact", "float16", false);
      const trained = await createModel(await readBaseWeights(base, types, "test"), {
        types,
        lora,
        weights,
        gradients: new Float32Array(layout.length),
        runTokens: 128,
        keptLayers: 0,
      });
      const served = await host.load(join(base, "f16.gguf"), { contextTokens: 256, sequences: 4 });
      const ids = Int32Array.from({ length: POSITIONS + 1 }, () => Math.floor(random() * 390));
      const sample = { dialogueId: "", ids, weights: new Float32Array(ids.length).fill(1), replies: 1 };
      const run = packRun([sample]);
      let divergence = 0;
      let agreed = 0;
      for (let position = 0; position < POSITIONS; position += 1) {
        const prefix = [...ids.subarray(0, position + 1)];
        const likely = await likeliest(served, prefix, 400);
        const surprises: number[] = [];
        for (const { id } of likely) {
          surprises.push(
            await trained.measure({
              ...run,
              targetTokens: Int32Array.of(position),
              targetIds: Int32Array.of(id),
              targetWeights: Float32Array.of(1),
            }),
          );
        }
        const p = withRest(surprises.map((surprise) => Math.exp(-surprise)));
        const q = withRest(likely.map(({ logProbability }) => Math.exp(logProbability)));
        divergence += p.reduce(
          (sum, value, at) => sum + (value > 0 ? value * Math.log(value / q[at]!) : 0),
          0,
        );
        // A model of random weights often has two tokens that are as good as equal.
        if (surprises[0]! - Math.min(...surprises) < NEAR_TIE) agreed += 1;
      }
      await served.close();
      await trained.close();
      assert.ok(divergence / POSITIONS <= 1e-3, `mean divergence ${divergence / POSITIONS}`);
      assert.ok(agreed / POSITIONS >= 0.99, `same top token at ${agreed} of ${POSITIONS}`);
    });

    test("llama.cpp reads our GGUF's vocabulary as training does", async () => {
      const base = join(home, name);
      const tokenizer = await loadTokenizer(base, "test");
      const template = templateFor(tokenizer, "test");
      const conversation = {
        system: "You are Remy.",
        turns: [
          { role: "user" as const, text: "周六去爬山不\n我借到车了", weight: 0 },
          { role: "assistant" as const, text: "yesss  😀 don't", weight: 1 },
        ],
      };
      const served = await host.load(join(base, "f16.gguf"), { contextTokens: 256, sequences: 1 });
      const text = render(template, conversation)
        .map((piece) => piece.text)
        .join("");
      assert.deepEqual(served.tokenize(text, true), encodeDialogue(tokenizer, template, conversation).ids);
      await served.close();
    });
  });
}

/** The served model's likeliest next tokens, the likeliest first. */
async function likeliest(
  served: LoadedModel,
  prefix: number[],
  vocabulary: number,
): Promise<{ id: number; logProbability: number }[]> {
  const all = await Promise.all(
    Array.from({ length: vocabulary }, async (_, id) => ({
      id,
      logProbability: (await served.score(prefix, [id]))[0]!,
    })),
  );
  return all.sort((a, b) => b.logProbability - a.logProbability).slice(0, CANDIDATES);
}

function withRest(probabilities: number[]): number[] {
  const sum = probabilities.reduce((total, value) => total + value, 0);
  return [...probabilities, Math.max(1e-12, 1 - sum)];
}
