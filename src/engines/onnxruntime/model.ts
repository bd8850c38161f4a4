import { layoutLora, type Lora } from "../../train/lora.js";
import { addNeftune, type Noise } from "../../train/noise.js";
import type { PackedRun } from "../../train/pack.js";
import { adapterArrays } from "./adapter-arrays.js";
import type { BaseWeights } from "./base-weights.js";
import { createMasks } from "./dropout-masks.js";
import { createHead } from "./head.js";
import { layerBackwardGraph } from "./layer-backward.js";
import { layerForwardGraph } from "./layer-forward.js";
import { keptActivations, keptType, type KeptName } from "./layer-parts.js";
import { toTensor } from "./matrix.js";
import type { NumberTypes } from "./number-types.js";
import { createOrtSession, float32Tensor, type Arrays } from "./ort-session.js";
import { layoutArrays, rotaryArrays } from "./run-arrays.js";

/** A base model with an adapter, and the gradients of the adapter. */
export type Model = {
  /** Adds the gradients of a run's summed weighted loss to `gradients`; returns that loss in nats. */
  gather(run: PackedRun): Promise<number>;
  /** The summed weighted loss alone. */
  measure(run: PackedRun): Promise<number>;
  close(): Promise<void>;
};

export type ModelOptions = {
  /** How the base was read, and what is computed in 8 bits. */
  types: NumberTypes;
  lora: Lora;
  /** The adapter, laid out as `layoutLora` says; read at every run. */
  weights: Float32Array;
  /** Of the same layout; added to. */
  gradients: Float32Array;
  /** Most tokens of one run. */
  runTokens: number;
  /** Last layers whose activations are kept; those before are computed again on the way back. */
  keptLayers: number;
  /** Absent where nothing is drawn. Never has a say in `measure`. */
  noise?: Noise;
};

/**
 * Makes the sessions and buffers of a model.
 *
 * The same graphs serve all layers, with weights as inputs, and write into buffers made here once.
 */
export async function createModel(base: BaseWeights, options: ModelOptions): Promise<Model> {
  const { config } = base;
  const { types, lora, weights, gradients, runTokens, keptLayers, noise } = options;
  const { hiddenSize, layers } = config;
  const shape = { config, lora, types };
  const masks = noise?.dropout ? createMasks(config, lora, runTokens, noise.dropout) : undefined;
  const trained = { ...shape, dropout: masks !== undefined };
  const forward = await createOrtSession(layerForwardGraph(trained));
  const backward = await createOrtSession(layerBackwardGraph(trained));
  const measuring = masks ? await createOrtSession(layerForwardGraph(shape)) : forward;
  const head = await createHead(base);

  const buffer = (width: number) => new Float32Array(runTokens * width);
  const rows = (values: Float32Array, tokens: number, width = hiddenSize) =>
    float32Tensor(values.subarray(0, tokens * width), [tokens, width]);
  // A layer's input is always kept; the last one is the model's output.
  const states = Array.from({ length: layers + 1 }, () => buffer(hiddenSize));
  let [dOutput, dInput] = [buffer(hiddenSize), buffer(hiddenSize)];
  const widths = Object.entries(keptActivations(config));
  const newKept = () =>
    widths.map(([name, width]) => {
      const length = runTokens * width;
      return keptType(name as KeptName, types) === "float16"
        ? new Uint16Array(length)
        : new Float32Array(length);
    });
  const firstKept = layers - keptLayers;
  const recomputed = firstKept > 0 ? newKept() : [];
  const kept = Array.from({ length: layers }, (_, layer) => (layer < firstKept ? recomputed : newKept()));
  const keptArrays = (layer: number, tokens: number): Arrays =>
    Object.fromEntries(
      widths.map(([name, width], at) => {
        const values = kept[layer]![at]!.subarray(0, tokens * width);
        return [name, toTensor({ values, shape: [tokens, width] })];
      }),
    );

  const rotary = rotaryArrays(config, runTokens);
  const layerLength = layoutLora({ ...config, layers: 1 }, lora).length;
  const layerWeights = base.layers.map((matrices, layer) => ({
    ...Object.fromEntries([...matrices].map(([name, matrix]) => [name, toTensor(matrix)])),
    ...adapterArrays(config, lora, weights.subarray(layer * layerLength)).inputs,
  }));
  const layerGradient = new Float32Array(layerLength);
  const gradientArrays = adapterArrays(config, lora, layerGradient).gradients;

  async function runForward(run: PackedRun, layout: Arrays, keep: boolean): Promise<void> {
    const tokens = run.ids.length;
    await base.embed(run.ids, states[0]!);
    if (keep && noise) addNoise(run, noise);
    const session = keep ? forward : measuring;
    for (let layer = 0; layer < layers; layer += 1) {
      await session.run(
        {
          x: rows(states[layer]!, tokens),
          ...layout,
          ...layerWeights[layer],
          ...(keep && masks?.ofLayer(run.keys, layer)),
        },
        { y: rows(states[layer + 1]!, tokens), ...(keep && layer >= firstKept && keptArrays(layer, tokens)) },
      );
    }
  }

  /** Noise on the embeddings; they are frozen, so the way back does not see it. */
  function addNoise({ positions, keys }: PackedRun, { neftuneAlpha }: Noise): void {
    if (neftuneAlpha === 0) return;
    let first = 0;
    for (let end = 1; end <= keys.length; end += 1) {
      if (end < keys.length && positions[end] !== 0) continue;
      for (let token = first; token < end; token += 1) {
        const embedding = states[0]!.subarray(token * hiddenSize, (token + 1) * hiddenSize);
        addNeftune(embedding, keys[token]!, end - first, neftuneAlpha);
      }
      first = end;
    }
  }

  async function runBackward(run: PackedRun, layout: Arrays): Promise<void> {
    const tokens = run.ids.length;
    for (let layer = layers - 1; layer >= 0; layer -= 1) {
      const inputs = {
        x: rows(states[layer]!, tokens),
        ...layout,
        ...layerWeights[layer],
        ...masks?.ofLayer(run.keys, layer),
      };
      const activations = keptArrays(layer, tokens);
      if (layer < firstKept) await forward.run(inputs, { y: rows(dInput, tokens), ...activations });
      await backward.run(
        { ...inputs, ...activations, dy: rows(dOutput, tokens) },
        { dx: rows(dInput, tokens), ...gradientArrays },
      );
      const offset = layer * layerLength;
      for (let at = 0; at < layerLength; at += 1) gradients[offset + at]! += layerGradient[at]!;
      [dOutput, dInput] = [dInput, dOutput];
    }
  }

  return {
    measure: async (run) => {
      await runForward(run, { ...layoutArrays(run), ...rotary }, false);
      return head.loss(run, states[layers]!);
    },
    gather: async (run) => {
      const layout = { ...layoutArrays(run), ...rotary };
      await runForward(run, layout, true);
      dOutput.fill(0, 0, run.ids.length * hiddenSize);
      const loss = await head.loss(run, states[layers]!, dOutput);
      await runBackward(run, layout);
      return loss;
    },
    close: async () => {
      await forward.close();
      await backward.close();
      if (measuring !== forward) await measuring.close();
      await head.close();
      await base.close();
    },
  };
}
