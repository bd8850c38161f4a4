import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import {
  hashedAdapter,
  hashedSamples,
  relativeDistance,
  uniform,
  writeHashedModel,
} from "../../../test/golden/train/hashed-model.js";
import type { ModelConfig } from "../../formats/model-config.js";
import { openSafetensors } from "../../formats/safetensors/read.js";
import { packageRoot } from "../../project/paths.js";
import { stepAdamW } from "../../train/adamw.js";
import { layoutLora, peftName, TARGETS, type Lora } from "../../train/lora.js";
import { sampleKey, type Noise } from "../../train/noise.js";
import { packRun } from "../../train/pack.js";
import type { Sample } from "../../train/sample.js";
import { readBaseWeights, storedType } from "./base-weights.js";
import { createModel } from "./model.js";
import { numberTypes } from "./number-types.js";

const golden = join(packageRoot, "test", "golden", "train");
/** Float32 here against float64 there; AdamW makes much of the rounding of a gradient that is nearly 0. */
const TOLERANCE = 1e-4;

/** What is trained, and how it differs from plain training. */
const CASES: {
  name: string;
  rslora?: true;
  loraPlusRatio?: number;
  samples?: () => Sample[];
  noise?: Noise;
}[] = [
  { name: "rslora", rslora: true },
  { name: "loraplus", loraPlusRatio: 16 },
  { name: "weights", samples: unevenSamples },
  { name: "dropout", noise: { dropout: 0.25, neftuneAlpha: 0 } },
  { name: "neftune", noise: { dropout: 0, neftuneAlpha: 10 } },
];

/** The dialogues with a weight of its own for every token: a third 0, the others up to 4. */
function unevenSamples(): Sample[] {
  return hashedSamples().map((sample, index) => {
    const drawn = uniform(sample.ids.length, 700 + index).map((value) => (value + 1) / 2);
    const weights = Float32Array.from(drawn, (w, at) => (at === 0 || w < 1 / 3 ? 0 : 4 * w * w));
    return { ...sample, weights };
  });
}

type Golden = Record<
  string,
  { losses: number[]; gradientNorms: number[]; totalWeight: number; learningRate: number }
>;

let folder: string;
let config: ModelConfig;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "kouwen-options-"));
  config = await writeHashedModel(folder, "llama");
});
after(() => rm(folder, { recursive: true, force: true }));

describe("options against transformers and PEFT in float64", () => {
  for (const { name, rslora = false, loraPlusRatio = 1, samples = hashedSamples, noise } of CASES) {
    const lora: Lora = { rank: 2, alpha: 6, rslora, targets: TARGETS };
    test(`${name}: five AdamW steps`, async () => {
      const all = JSON.parse(await readFile(join(golden, "options.json"), "utf8")) as Golden;
      const { losses, gradientNorms, totalWeight, learningRate } = all[name]!;
      const tensors = await openSafetensors([join(golden, "options.safetensors")], "test");
      const layout = layoutLora(config, lora);
      const weights = hashedAdapter(layout);
      const zeros = () => new Float32Array(layout.length);
      const gradients = zeros();
      const state = { weights, mean: zeros(), variance: zeros(), step: 0 };
      const types = numberTypes("exact", await storedType(folder, "train"), false);
      const base = await readBaseWeights(folder, types, "train");
      const model = await createModel(base, {
        types,
        lora,
        weights,
        gradients,
        runTokens: 128,
        keptLayers: 1,
        ...(noise && { noise }),
      });
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
        const keyOf = ({ dialogueId }: Sample) => sampleKey(7, step, Number(dialogueId));
        const loss = (await model.gather(packRun(samples(), keyOf))) / totalWeight;
        assert.ok(Math.abs(loss / wanted - 1) < TOLERANCE, `step ${step}: ${loss}, not ${wanted}`);
        if (step === 0)
          await compare(
            "gradient",
            Float32Array.from(gradients, (sum) => sum / totalWeight),
          );
        const norm = stepAdamW(state, gradients, layout, {
          loraPlusRatio,
          learningRate,
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
