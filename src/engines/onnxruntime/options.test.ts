import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import {
  hashedAdapter,
  hashedSamples,
  relativeDistance,
  writeHashedModel,
} from "../../../test/golden/train/hashed-model.js";
import type { ModelConfig } from "../../formats/model-config.js";
import { openSafetensors } from "../../formats/safetensors/read.js";
import { packageRoot } from "../../project/paths.js";
import { stepAdamW } from "../../train/adamw.js";
import { layoutLora, peftName, TARGETS, type Lora } from "../../train/lora.js";
import { packRun } from "../../train/pack.js";
import { readBaseWeights } from "./base-weights.js";
import { createModel } from "./model.js";

const golden = join(packageRoot, "test", "golden", "train");
const PLAIN: Lora = { rank: 2, alpha: 6, rslora: false, targets: TARGETS };
/** Float32 here against float64 there. */
const TOLERANCE = 1e-4;

/** What is trained, and how it differs from plain training. */
const CASES: { name: string; lora: Lora }[] = [{ name: "rslora", lora: { ...PLAIN, rslora: true } }];

type Golden = Record<string, { losses: number[]; gradientNorms: number[]; totalWeight: number }>;

let folder: string;
let config: ModelConfig;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "kouwen-options-"));
  config = await writeHashedModel(folder, "llama");
});
after(() => rm(folder, { recursive: true, force: true }));

describe("options against transformers and PEFT in float64", () => {
  for (const { name, lora } of CASES) {
    test(`${name}: five AdamW steps`, async () => {
      const all = JSON.parse(await readFile(join(golden, "options.json"), "utf8")) as Golden;
      const { losses, gradientNorms, totalWeight } = all[name]!;
      const tensors = await openSafetensors([join(golden, "options.safetensors")], "test");
      const layout = layoutLora(config, lora);
      const weights = hashedAdapter(layout);
      const zeros = () => new Float32Array(layout.length);
      const gradients = zeros();
      const state = { weights, mean: zeros(), variance: zeros(), step: 0 };
      const base = await readBaseWeights(folder, "train");
      const model = await createModel(base, { lora, weights, gradients, runTokens: 128, keptLayers: 1 });
      const compare = async (kind: string, values: Float32Array) => {
        let compared = 0;
        for (const tensor of layout.tensors) {
          const key = `${name}.${kind}.${peftName(tensor)}`;
          if (!tensors.tensors.has(key)) continue;
          const own = values.subarray(tensor.offset, tensor.offset + tensor.rows * tensor.columns);
          const distance = relativeDistance(own, await tensors.readFloat32(key));
          assert.ok(distance < TOLERANCE, `${key}: ${distance}`);
          compared += 1;
        }
        assert.equal(compared, 4);
      };
      for (const [step, wanted] of losses.entries()) {
        const loss = (await model.gather(packRun(hashedSamples()))) / totalWeight;
        assert.ok(Math.abs(loss / wanted - 1) < TOLERANCE, `step ${step}: ${loss}, not ${wanted}`);
        if (step === 0)
          await compare(
            "gradient",
            Float32Array.from(gradients, (sum) => sum / totalWeight),
          );
        const norm = stepAdamW(state, gradients, {
          learningRate: 2e-4,
          weightDecay: 0.1,
          clip: 0.5,
          totalWeight,
        });
        assert.ok(Math.abs(norm / gradientNorms[step]! - 1) < 1e-3);
      }
      await compare("trained", weights);
      await tensors.close();
      await model.close();
    });
  }
});
