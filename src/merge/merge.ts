import { existsSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { MalformedInput, Unsupported } from "../errors.js";
import { writeFolder } from "../files.js";
import { float16Bytes } from "../formats/float16-bytes.js";
import { readModelConfig } from "../formats/model-config.js";
import { adapterPairs, type Pair } from "../formats/peft/adapter-pairs.js";
import { ADAPTER_FILE, openAdapter, readMatrix } from "../formats/peft/open-adapter.js";
import { fromFloat32, isPlain } from "../formats/plain.js";
import { rowBatches } from "../formats/rows.js";
import { openModelTensors } from "../formats/safetensors/read.js";
import { type PlainTensor, writeSafetensors } from "../formats/safetensors/write.js";
import type { TensorSource } from "../formats/tensors.js";
import type { Run } from "../progress.js";
import { addLowRank } from "./add-low-rank.js";
import { setRowLengths } from "./row-lengths.js";

const STAGE = "merge";

/** Modules that are one matrix where embeddings are tied: a change of one would have to be a change of both. */
const TIED = /\.(lm_head|embed_tokens)\./;

/** What a model folder holds beside its weights; copied as it is from the base, whose tokenizer was trained with. */
const COPIED = [
  "config.json",
  "generation_config.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "added_tokens.json",
  "vocab.json",
  "merges.txt",
  "chat_template.jinja",
  "LICENSE",
];

/**
 * Writes the base model with a PEFT LoRA adapter worked into its weights, W + scale · B · A, of a DoRA adapter with each
 * row stretched to the length that it says, as a Hugging Face folder: computed in float32 or better, rounded once to the base's type. Memory stays at one adapter pair and a batch of rows.
 *
 * @param paths the base's folder, the adapter's, and the folder to write, replaced if there
 * @returns how many tensors there are, and how many of them the adapter changed
 * @throws {Unsupported} another kind of adapter or model
 * @throws {MalformedInput} adapter and base do not belong together, or a file is broken
 * @throws {LimitExceeded} the disk is full; nothing is left behind
 */
export async function merge(
  paths: { base: string; adapter: string; model: string },
  run: Run = {},
): Promise<{ tensors: number; adapted: number }> {
  const { tiedEmbeddings } = await readModelConfig(paths.base, STAGE);
  await using base = disposable(await openModelTensors(paths.base, STAGE));
  const { config, source } = await openAdapter(paths.adapter, STAGE);
  await using adapter = disposable(source);
  if (tiedEmbeddings && [...adapter.tensors.keys()].some((name) => TIED.test(name))) refuseTied();
  const pairs = adapterPairs(adapter.tensors, base.tensors, config, STAGE);
  const tensors = [...base.tensors.values()].map(({ name, shape, type }) => {
    return { name, shape, type: isPlain(type) ? type : refuseType(name, type, basename(paths.base)) };
  });
  await writeFolder(paths.model, STAGE, async (folder) => {
    await copyBesideWeights(paths.base, folder);
    let done = 0;
    await writeSafetensors(join(folder, "model.safetensors"), STAGE, tensors, (tensor) => {
      run.signal?.throwIfAborted();
      run.onProgress?.({ stage: STAGE, done, total: tensors.length, unit: "tensors" });
      done += 1;
      const pair = pairs.get(tensor.name);
      return pair ? adapt(base, tensor, adapter, pair, config) : copy(base, tensor);
    });
    run.onProgress?.({ stage: STAGE, done, total: tensors.length, unit: "tensors" });
  });
  return { tensors: tensors.length, adapted: pairs.size };
}

/** Copies what a model folder holds beside its weights. */
export async function copyBesideWeights(base: string, folder: string): Promise<void> {
  for (const name of COPIED) {
    if (existsSync(join(base, name))) await copyFile(join(base, name), join(folder, name));
  }
}

async function* copy(base: TensorSource, { name, shape }: PlainTensor): AsyncIterable<Uint8Array> {
  for (const rows of rowBatches(shape)) yield base.readBytes(name, rows);
}

async function* adapt(
  base: TensorSource,
  { name, shape, type }: PlainTensor,
  adapter: TensorSource,
  pair: Pair,
  { rank, scale }: { rank: number; scale: number },
): AsyncIterable<Uint8Array> {
  const a = await readMatrix(adapter, pair.a, STAGE);
  const b = await readMatrix(adapter, pair.b, STAGE);
  const magnitudes = pair.magnitude === undefined ? null : await readMatrix(adapter, pair.magnitude, STAGE);
  for (const rows of rowBatches(shape)) {
    const weights = await base.readFloat32(name, rows);
    const part = b.subarray(rows.first * rank, (rows.first + rows.count) * rank);
    if (!magnitudes) addLowRank(weights, part, a, rank, scale);
    else {
      // In float64: what is still to be scaled is not rounded before.
      const sums = Float64Array.from(weights);
      addLowRank(sums, part, a, rank, scale);
      const lengths = magnitudes.subarray(rows.first, rows.first + rows.count);
      if (!setRowLengths(sums, lengths, weights)) refuseZeroRow(name);
    }
    const place = { stage: STAGE, file: ADAPTER_FILE, tensor: name };
    yield type === "F16" ? float16Bytes(weights, place) : fromFloat32(weights, type);
  }
}

function refuseZeroRow(name: string): never {
  throw new MalformedInput(
    `${STAGE} ${ADAPTER_FILE}: a row of "${name}" is all zeros once changed, and has no direction. Train again without --dora.`,
    { stage: STAGE, path: ADAPTER_FILE },
  );
}

function refuseTied(): never {
  throw new Unsupported(
    `${STAGE} ${ADAPTER_FILE}: it adapts an embedding that the base uses for input and output alike. Train without lm_head and embed_tokens.`,
    { stage: STAGE, path: ADAPTER_FILE },
  );
}

function refuseType(name: string, type: string, path: string): never {
  throw new Unsupported(
    `${STAGE} ${path}: tensor "${name}" has the type ${type} (F32, F16 and BF16 are merged). Choose an unquantized base.`,
    { stage: STAGE, path },
  );
}

/** The source, closed at the end of the block that it is used in. */
function disposable(source: TensorSource): TensorSource & AsyncDisposable {
  return Object.assign(source, { [Symbol.asyncDispose]: () => source.close() });
}
