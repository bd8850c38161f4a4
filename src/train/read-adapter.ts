import { Unsupported } from "../errors.js";
import { modelTensors } from "../formats/gguf/layout.js";
import type { ModelConfig } from "../formats/model-config.js";
import type { AdapterConfig } from "../formats/peft/adapter-config.js";
import { adapterPairs } from "../formats/peft/adapter-pairs.js";
import { openAdapter, readMatrix } from "../formats/peft/open-adapter.js";
import type { Magnitudes } from "./adapter-files.js";
import { layoutLora, peftName, type Lora } from "./lora.js";

const STAGE = "train";

/**
 * Reads an adapter to go on from.
 *
 * @param folder of PEFT's files
 * @returns its weights, laid out as `layoutLora` says
 * @throws {Unsupported} another rank, alpha, scale or targets than those that are trained; names the difference
 * @throws {MalformedInput} it is of another base, or broken
 */
export async function readAdapter(folder: string, config: ModelConfig, lora: Lora): Promise<Float32Array> {
  const { weights, magnitudes } = await readTrained(folder, config, lora);
  if (magnitudes) refuse("it is a DoRA adapter, which is not gone on from", "Train one without --dora");
  return weights;
}

/** As `readAdapter`, and of a DoRA adapter also the lengths of the rows. */
export async function readTrained(
  folder: string,
  config: ModelConfig,
  lora: Lora,
): Promise<{ weights: Float32Array; magnitudes?: Magnitudes }> {
  const { config: found, source } = await openAdapter(folder, STAGE);
  try {
    checkShape(found, lora);
    const base = new Map(modelTensors(config).map((tensor) => [tensor.name, tensor]));
    const pairs = adapterPairs(source.tensors, base, found, STAGE);
    const lengths = [...pairs.values()].flatMap(({ magnitude }) => magnitude ?? []);
    const { tensors, length } = layoutLora(config, lora);
    const names = new Set(tensors.map(peftName));
    const missing = [...names].find((name) => !source.tensors.has(name));
    if (missing !== undefined) refuse(`it has no tensor "${missing}"`, "Choose other targets");
    if ([...source.tensors.keys()].some((name) => !names.has(name) && !lengths.includes(name)))
      refuse(`it adapts more than ${lora.targets.join(", ")}`, "Choose other targets");
    const weights = new Float32Array(length);
    for (const tensor of tensors) {
      weights.set(await readMatrix(source, peftName(tensor), STAGE), tensor.offset);
    }
    if (!found.dora) return { weights };
    const magnitudes = new Map<string, Float32Array>();
    for (const name of lengths) magnitudes.set(name, await readMatrix(source, name, STAGE));
    return { weights, magnitudes };
  } finally {
    await source.close();
  }
}

function checkShape(found: AdapterConfig, lora: Lora): void {
  const { rank, alpha, rslora, targets } = found;
  if (rank !== lora.rank) refuse(`its rank is ${rank}, not ${lora.rank}`, `Set --rank ${rank}`);
  if (alpha !== lora.alpha) refuse(`its alpha is ${alpha}, not ${lora.alpha}`, `Set --alpha ${alpha}`);
  if (rslora !== lora.rslora) {
    const flag = rslora ? "--rslora" : "--no-rslora";
    refuse(`its scale is ${rslora ? "" : "not "}rank-stabilized`, `Set ${flag}`);
  }
  const [own, wanted] = [targets, lora.targets].map((list) => list?.toSorted().join(","));
  if (own !== undefined && own !== wanted)
    refuse(`its targets are ${own}, not ${wanted}`, `Set --targets ${own}`);
}

function refuse(difference: string, advice: string): never {
  const path = "adapter_config.json";
  throw new Unsupported(`${STAGE} ${path}: ${difference}. ${advice}, or start from another adapter.`, {
    stage: STAGE,
    path,
  });
}
