import { join } from "node:path";
import { readBaseWeights, storedType } from "../src/engines/onnxruntime/base-weights.js";
import { hasInt8 } from "../src/engines/onnxruntime/has-int8.js";
import { createModel } from "../src/engines/onnxruntime/model.js";
import { numberTypes } from "../src/engines/onnxruntime/number-types.js";
import { readModelConfig } from "../src/formats/model-config.js";
import { layoutLora, peftName } from "../src/train/lora.js";
import { packRun, type PackedRun } from "../src/train/pack.js";
import { readAdapter } from "../src/train/read-adapter.js";
import { readSamples } from "../src/train/read-samples.js";
import { cosine } from "../test/golden/train/hashed-model.js";
import { loraOf, PRECISIONS, trainSettings, type Precision } from "../src/train/settings.js";

// Where do the gradients of `fast` and `small` point, beside those of `exact`, on real dialogues and a trained adapter?
//   node dist/bench/precisions.js <folder of a Hugging Face model> <project folder with adapter and dialogues.jsonl>
// Prints the cosine of each matrix's gradient in short, for several runs: the worst, the lowest twentieth, the median.

const [base, project] = process.argv.slice(2) as [string, string];
const RUNS = 4;
const DIALOGUES = 8;

const config = await readModelConfig(base, "bench");
const lora = loraOf(trainSettings.parse({}));
const layout = layoutLora(config, lora);
const weights = await readAdapter(join(project, "adapter"), config, lora);
const dialogues = join(project, "dialogues.jsonl");
const { heldOut } = await readSamples({ base, dialogues }, 1024);

for (let first = 0; first < RUNS * DIALOGUES; first += DIALOGUES) {
  const run = packRun(heldOut.samples.slice(first, first + DIALOGUES));
  const exact = await gradientsOf("exact", run);
  for (const precision of PRECISIONS.slice(1)) {
    const { gradients, loss } = await gradientsOf(precision, run);
    const cosines = layout.tensors.map((tensor) => {
      const end = tensor.offset + tensor.rows * tensor.columns;
      const [a, b] = [gradients, exact.gradients].map((all) => all.subarray(tensor.offset, end));
      return { name: peftName(tensor), value: cosine(a!, b!) };
    });
    cosines.sort((a, b) => a.value - b.value);
    const [worst, low, median] = [0, 0.05, 0.5].map((share) => cosines[Math.floor(share * cosines.length)]!);
    console.log(
      `${precision.padEnd(6)} worst ${worst!.value.toFixed(4)} (${worst!.name}), lowest twentieth ${low!.value.toFixed(4)}, ` +
        `median ${median!.value.toFixed(4)}; loss ${loss.toFixed(4)}, exact ${exact.loss.toFixed(4)}`,
    );
  }
}

async function gradientsOf(
  precision: Precision,
  run: PackedRun,
): Promise<{ gradients: Float32Array; loss: number }> {
  const types = numberTypes(precision, await storedType(base, "bench"), await hasInt8());
  const gradients = new Float32Array(layout.length);
  const model = await createModel(await readBaseWeights(base, types, "bench"), {
    types,
    lora,
    weights,
    gradients,
    runTokens: run.ids.length,
    keptLayers: config.layers,
  });
  const loss = await model.gather(run);
  await model.close();
  return { gradients, loss: loss / run.targetWeights.reduce((sum, weight) => sum + weight, 0) };
}
