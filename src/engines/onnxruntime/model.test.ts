import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import {
  HASHED_MODELS,
  type HashedModel,
  cosine,
  hashedAdapter,
  hashedSamples,
  relativeDistance,
  writeHashedModel,
} from "../../../test/golden/train/hashed-model.js";
import { openSafetensors } from "../../formats/safetensors/read.js";
import { packageRoot } from "../../project/paths.js";
import { stepAdamW } from "../../train/adamw.js";
import { layoutLora, peftName, TARGETS, type Lora } from "../../train/lora.js";
import { packRun, type PackedRun } from "../../train/pack.js";
import type { Precision } from "../../train/settings.js";
import { readBaseWeights, storedType } from "./base-weights.js";
import { hasInt8 } from "./has-int8.js";
import { createModel } from "./model.js";
import { numberTypes } from "./number-types.js";

const golden = join(packageRoot, "test", "golden", "train");
const lora: Lora = { rank: 2, alpha: 6, rslora: false, targets: TARGETS };

type Golden = {
  surprises: number[];
  baseLoss: number;
  losses: number[];
  gradientNorms: number[];
  totalWeight: number;
};

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "kouwen-model-"));
});
after(() => rm(folder, { recursive: true, force: true }));

let int8: boolean;
before(async () => {
  int8 = await hasInt8();
});

/** The model that the golden files are of, with an adapter, and what is expected of it. */
async function open(
  name: HashedModel,
  options: { keptLayers: number; untrained?: boolean; precision?: Precision },
) {
  const path = join(folder, name);
  const config = await writeHashedModel(path, name);
  const layout = layoutLora(config, lora);
  const weights = options.untrained ? new Float32Array(layout.length) : hashedAdapter(layout);
  const gradients = new Float32Array(layout.length);
  const { keptLayers, precision = "exact" } = options;
  const types = numberTypes(precision, await storedType(path, "train"), int8);
  const base = await readBaseWeights(path, types, "train");
  const model = await createModel(base, { types, lora, weights, gradients, runTokens: 256, keptLayers });
  const all = JSON.parse(await readFile(join(golden, "golden.json"), "utf8")) as Record<string, Golden>;
  return { model, weights, gradients, layout, expected: all[name]! };
}

for (const name of Object.keys(HASHED_MODELS) as HashedModel[]) {
  describe(`${name}, weights ${HASHED_MODELS[name].type}, against transformers and PEFT in float64`, () => {
    test("surprise at 40 candidates for a token, and the loss of the base", async () => {
      const { model, expected } = await open(name, { keptLayers: 0, untrained: true });
      const run = packRun([hashedSamples()[0]!]);
      for (const [id, surprise] of expected.surprises.entries()) {
        const one: PackedRun = {
          ...run,
          targetTokens: Int32Array.of(30),
          targetIds: Int32Array.of(id),
          targetWeights: Float32Array.of(1),
        };
        assert.ok(Math.abs((await model.measure(one)) - surprise) < 1e-4);
      }
      const loss = await model.measure(packRun(hashedSamples()));
      assert.ok(Math.abs(loss / expected.baseLoss - 1) < 1e-6);
      await model.close();
    });

    for (const keptLayers of [0, 1, 2]) {
      test(`gradient of each matrix, ${keptLayers} of 2 layers kept`, async () => {
        const { model, gradients, layout, expected } = await open(name, { keptLayers });
        const loss = await model.gather(packRun(hashedSamples()));
        assert.ok(Math.abs(loss / expected.losses[0]! - 1) < 1e-6);
        const tensors = await openSafetensors([join(golden, `${name}.safetensors`)], "test");
        for (const tensor of layout.tensors) {
          const { offset, rows, columns } = tensor;
          const wanted = await tensors.readFloat32(`gradient.${peftName(tensor)}`);
          const distance = relativeDistance(gradients.subarray(offset, offset + rows * columns), wanted);
          assert.ok(distance < 1e-4, `${peftName(tensor)}: ${distance}`);
        }
        await tensors.close();
        await model.close();
      });
    }

    for (const precision of ["fast", "small"] as const) {
      test(`${precision}: gradients point where those of float64 do; computed again they are the same`, async () => {
        const { model, gradients, layout, expected } = await open(name, { keptLayers: 2, precision });
        const loss = await model.gather(packRun(hashedSamples()));
        assert.ok(Math.abs(loss / expected.losses[0]! - 1) < (precision === "small" ? 1e-2 : 1e-6));
        const tensors = await openSafetensors([join(golden, `${name}.safetensors`)], "test");
        for (const tensor of layout.tensors) {
          const { offset, rows, columns } = tensor;
          const wanted = await tensors.readFloat32(`gradient.${peftName(tensor)}`);
          const similarity = cosine(gradients.subarray(offset, offset + rows * columns), wanted);
          assert.ok(similarity > 0.98, `${peftName(tensor)}: ${similarity}`);
        }
        await tensors.close();
        await model.close();
        const again = await open(name, { keptLayers: 0, precision });
        assert.equal(await again.model.gather(packRun(hashedSamples())), loss);
        assert.deepEqual(again.gradients, gradients);
        await again.model.close();
      });
    }

    test("each sample in a run of its own gives the same gradients as all in one", async () => {
      const packed = await open(name, { keptLayers: 2 });
      const alone = await open(name, { keptLayers: 2 });
      const loss = await packed.model.gather(packRun(hashedSamples()));
      let sum = 0;
      for (const sample of hashedSamples()) sum += await alone.model.gather(packRun([sample]));
      assert.ok(Math.abs(sum / loss - 1) < 1e-6);
      assert.ok(relativeDistance(alone.gradients, packed.gradients) < 1e-5);
      await packed.model.close();
      await alone.model.close();
    });

    test("rows shared by samples that begin alike change nothing", async () => {
      const begins = hashedSamples()[1]!;
      const samples = hashedSamples().map((own) => ({
        ...own,
        ids: Int32Array.from([...begins.ids, ...own.ids]),
        weights: Float32Array.from([...new Float32Array(begins.ids.length), ...own.weights]),
      }));
      const shared = await open(name, { keptLayers: 2 });
      const separate = await open(name, { keptLayers: 2 });
      const run = packRun(samples);
      assert.equal(run.sharedPlaces.length, begins.ids.length);
      const loss = await shared.model.gather(run);
      const wanted = await separate.model.gather(packRun(samples, () => 0));
      assert.ok(Math.abs(loss / wanted - 1) < 1e-6);
      assert.ok(relativeDistance(shared.gradients, separate.gradients) < 1e-5);
      await shared.model.close();
      await separate.model.close();
    });

    test("ten AdamW steps", async () => {
      const { model, weights, gradients, layout, expected } = await open(name, { keptLayers: 2 });
      const zeros = () => new Float32Array(weights.length);
      const state = { weights, mean: zeros(), variance: zeros(), step: 0 };
      const run = packRun(hashedSamples());
      for (const [step, wanted] of expected.losses.entries()) {
        const loss = await model.gather(run);
        assert.ok(Math.abs(loss / wanted - 1) < 1e-4, `step ${step}: ${loss}, not ${wanted}`);
        const norm = stepAdamW(state, gradients, layout, {
          learningRate: 2e-4,
          loraPlusRatio: 1,
          weightDecay: 0.1,
          clip: 0.5,
          totalWeight: expected.totalWeight,
        });
        assert.ok(Math.abs(norm / expected.gradientNorms[step]! - 1) < 1e-3);
      }
      const tensors = await openSafetensors([join(golden, `${name}.safetensors`)], "test");
      for (const tensor of layout.tensors) {
        const { offset, rows, columns } = tensor;
        const wanted = await tensors.readFloat32(`trained.${peftName(tensor)}`);
        const distance = relativeDistance(weights.subarray(offset, offset + rows * columns), wanted);
        assert.ok(distance < 1e-4, `${peftName(tensor)}: ${distance}`);
      }
      await tensors.close();
      await model.close();
    });
  });
}
