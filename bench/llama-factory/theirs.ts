import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Sample } from "../../src/train/sample.js";
import type { TrainSettings } from "../../src/train/settings.js";
import { EXCHANGES, type Data } from "./data.js";
import { runWatched, type Usage } from "./watch.js";

/** What may be chosen in LLaMA-Factory without changing what is computed, packing and precision apart. */
export type Variant = {
  precision: "fp32" | "bf16";
  /** Dialogues that go through the model together, or packed sequences. */
  perDevice: number;
  packing?: "packing" | "neat_packing";
  checkpointing?: boolean;
  groupByLength?: boolean;
  /** Threads spin while they wait for each other: faster on idle cores, far slower on shared ones. */
  spinning?: boolean;
  /** As on a processor without AVX-512 and bfloat16 units. */
  avx2?: boolean;
};

/** One training, and what the process took. */
export type Training = Usage & {
  /** Of each optimizer step. */
  stepSeconds: number[];
  /** Processor time of all threads; null where threads that wait spin, so that it says nothing. */
  stepCpuSeconds: number[] | null;
  /** Folder of the PEFT adapter. */
  adapter: string;
};

/** A packed sequence is this long, and holds about seven dialogues. */
const PACKED_TOKENS = 1024;

export function nameOf({
  precision,
  perDevice,
  packing,
  checkpointing,
  groupByLength,
  spinning,
  avx2,
}: Variant): string {
  return [
    precision,
    `${perDevice} per device`,
    ...(packing ? [packing] : []),
    ...(checkpointing ? ["checkpointing"] : []),
    ...(groupByLength ? ["grouped by length"] : []),
    ...(spinning ? ["spinning"] : []),
    ...(avx2 ? ["AVX2 only"] : []),
  ].join(", ");
}

/** LLaMA-Factory's arguments for the training that `settings` describe. */
export function theirArguments(
  paths: { base: string; out: string },
  data: Data,
  settings: TrainSettings & { learningRate: number },
  variant: Variant,
): Record<string, unknown> {
  const { precision, perDevice, packing, checkpointing = false, groupByLength = false } = variant;
  const dialogues = settings.batchReplies / EXCHANGES;
  return {
    model_name_or_path: paths.base,
    adapter_name_or_path: data.adapter,
    stage: "sft",
    do_train: true,
    finetuning_type: "lora",
    lora_rank: settings.rank,
    lora_alpha: settings.alpha,
    lora_target: "all",
    template: "bench",
    dataset: "conversations",
    dataset_dir: data.folder,
    disable_shuffling: !groupByLength,
    overwrite_cache: true,
    cutoff_len: packing ? PACKED_TOKENS : settings.maxTokens,
    packing: packing !== undefined,
    neat_packing: packing === "neat_packing",
    per_device_train_batch_size: perDevice,
    gradient_accumulation_steps: packing ? 1 : Math.max(1, Math.round(dialogues / perDevice)),
    ...(groupByLength && { train_sampling_strategy: "group_by_length" }),
    num_train_epochs: settings.epochs,
    learning_rate: settings.learningRate,
    lr_scheduler_type: settings.schedule,
    warmup_steps: 0,
    weight_decay: settings.weightDecay,
    max_grad_norm: settings.clip,
    adam_beta1: 0.9,
    adam_beta2: 0.999,
    adam_epsilon: 1e-8,
    optim: "adamw_torch",
    seed: settings.seed,
    bf16: precision === "bf16",
    use_cpu: true,
    flash_attn: "sdpa",
    disable_gradient_checkpointing: !checkpointing,
    dataloader_num_workers: 0,
    logging_strategy: "no",
    save_strategy: "no",
    eval_strategy: "no",
    report_to: "none",
    output_dir: paths.out,
    overwrite_output_dir: true,
    disable_tqdm: true,
  };
}

/**
 * The base as a user of LLaMA-Factory would best give it: it computes with the type that `config.json` names, and a
 * processor is very slow with float16. Only that type is changed, everything else is linked.
 */
async function writeBase(base: string, folder: string, precision: Variant["precision"]): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(base)) {
    if (name !== "config.json") await symlink(resolve(base, name), join(folder, name));
  }
  const config = JSON.parse(await readFile(join(base, "config.json"), "utf8")) as Record<string, unknown>;
  const dtype = precision === "bf16" ? "bfloat16" : "float32";
  await writeFile(join(folder, "config.json"), JSON.stringify({ ...config, torch_dtype: dtype, dtype }));
}

/** Trains once in a process of its own. */
export async function trainTheirs(
  paths: { python: string; base: string; out: string },
  data: Data,
  settings: TrainSettings,
  variant: Variant,
): Promise<Training> {
  const script = fileURLToPath(new URL("../../../bench/llama-factory/train.py", import.meta.url));
  const argumentsPath = join(data.folder, "arguments.json");
  const resultPath = join(data.folder, "result.json");
  const adapter = join(paths.out, "adapter");
  const theirBase = join(data.folder, "base");
  await writeBase(paths.base, theirBase, variant.precision);
  const args = theirArguments({ base: theirBase, out: adapter }, data, settings, variant);
  await writeFile(argumentsPath, JSON.stringify(args));
  const usage = await runWatched(paths.python, [script, argumentsPath, resultPath], {
    DISABLE_VERSION_CHECK: "1",
    CUDA_VISIBLE_DEVICES: "",
    OMP_NUM_THREADS: "2",
    HF_HUB_OFFLINE: "1",
    ...(!variant.spinning && { OMP_WAIT_POLICY: "PASSIVE" }),
    ...(variant.avx2 && {
      ONEDNN_MAX_CPU_ISA: "AVX2",
      ATEN_CPU_CAPABILITY: "avx2",
      MKL_ENABLE_INSTRUCTIONS: "AVX2",
    }),
  });
  const result = JSON.parse(await readFile(resultPath, "utf8")) as {
    seconds: number[];
    cpuSeconds: number[];
    samples: { ids: number[]; labels: number[] }[];
  };
  if (!variant.packing) checkSamples(result.samples, data.steps.flat());
  return {
    ...usage,
    stepSeconds: result.seconds,
    stepCpuSeconds: variant.spinning ? null : result.cpuSeconds,
    adapter,
  };
}

/** Their ids and labels must be our ids and weights, sample by sample. */
function checkSamples(theirs: readonly { ids: number[]; labels: number[] }[], ours: readonly Sample[]): void {
  if (theirs.length !== ours.length) {
    throw new Error(`LLaMA-Factory trains on ${theirs.length} samples, we on ${ours.length}`);
  }
  ours.forEach(({ ids, weights }, index) => {
    const { ids: theirIds, labels } = theirs[index]!;
    const same =
      theirIds.length === ids.length &&
      ids.every((id, at) => theirIds[at] === id && labels[at] === (weights[at]! > 0 ? id : -100));
    if (!same) throw new Error(`sample ${index} differs: ${theirIds.join(" ")} is not ${ids.join(" ")}`);
  });
}
