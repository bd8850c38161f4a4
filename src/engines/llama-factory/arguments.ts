import type { TrainStageSettings } from "../../train/engine-settings.js";
import { HELD_OUT, TRAINING } from "./write-data.js";

/** LLaMA-Factory's arguments by their own names. */
export type Arguments = Record<string, string | number | boolean | null>;

/** What the arguments depend on, beside the settings. */
export type Situation = {
  base: string;
  template: string;
  /** Whether `first-adapter` is what training starts from; otherwise LLaMA-Factory draws its own. */
  first: boolean;
  samples: number;
  heldOut: number;
  replies: number;
  /** Of all machines together. */
  processes: number;
  device: "cpu" | "bf16" | "fp16";
  resume: string | null;
};

/** LLaMA-Factory 0.9.5, examples/train_lora/qwen3_lora_sft.yaml, without its limit of 1000 samples. */
const RECOMMENDED = {
  rank: 8,
  alpha: 16,
  learningRate: 1e-4,
  epochs: 3,
  schedule: "cosine",
  warmupRatio: 0.1,
  maxTokens: 2048,
  weightDecay: 0,
  clip: 1,
  dropout: 0,
  rslora: false,
  loraPlusRatio: 1,
  neftuneAlpha: 0,
} as const;
const RECOMMENDED_DIALOGUES = 8;

/** The settings with what the preset decides. */
export function withPreset(settings: TrainStageSettings): TrainStageSettings {
  return settings.preset === "recommended" ? { ...settings, ...RECOMMENDED } : settings;
}

/** Dialogues of one optimizer step, and how the processes share them. */
export function shareBatch(
  { preset, method, batchReplies }: TrainStageSettings,
  { samples, replies, processes }: Pick<Situation, "samples" | "replies" | "processes">,
): { perDevice: number; accumulation: number; dialogues: number } {
  const wanted =
    preset === "recommended"
      ? RECOMMENDED_DIALOGUES
      : Math.max(1, Math.round((batchReplies * samples) / replies));
  const share = Math.max(1, Math.round(wanted / processes));
  // KTO's estimate of how far it has moved is a mean over what is computed together.
  const each = method === "kto" ? 2 * Math.ceil(share / 2) : share;
  const perDevice = preset === "recommended" ? 1 : [4, 3, 2, 1].find((size) => each % size === 0)!;
  const accumulation = each / perDevice;
  return { perDevice, accumulation, dialogues: each * processes };
}

/** Everything in `train.yaml`; paths are relative to the prepared folder, but the base's. */
export function trainArguments(settings: TrainStageSettings, situation: Situation): Arguments {
  const { samples, heldOut, device } = situation;
  const { perDevice, accumulation, dialogues } = shareBatch(settings, situation);
  const ours = settings.preset === "kouwen";
  const epochSteps = Math.ceil(samples / dialogues);
  const steps = Math.max(1, Math.ceil(epochSteps * settings.epochs));
  const evalSteps = Math.max(1, Math.round(epochSteps / settings.evalsPerEpoch));
  return {
    model_name_or_path: situation.base,
    trust_remote_code: false,
    ...(situation.first && { adapter_name_or_path: "first-adapter" }),
    stage: settings.method,
    do_train: true,
    finetuning_type: "lora",
    lora_rank: settings.rank,
    lora_alpha: settings.alpha,
    lora_dropout: settings.dropout,
    lora_target: ours ? settings.targets.join(",") : "all",
    use_rslora: settings.rslora,
    ...(settings.dora && { use_dora: true }),
    ...(settings.loraPlusRatio > 1 && { loraplus_lr_ratio: settings.loraPlusRatio }),
    ...(settings.quantizationBits !== "0" && {
      quantization_bit: Number(settings.quantizationBits),
      quantization_method: "bnb",
    }),
    ...(settings.neftuneAlpha > 0 && { neftune_noise_alpha: settings.neftuneAlpha }),
    dataset: TRAINING,
    dataset_dir: "data",
    template: situation.template,
    // A reply's closing newline may be one token beyond our own limit.
    cutoff_len: settings.maxTokens + 1,
    overwrite_cache: true,
    preprocessing_num_workers: 1,
    dataloader_num_workers: 0,
    disable_shuffling: ours,
    per_device_train_batch_size: perDevice,
    gradient_accumulation_steps: accumulation,
    learning_rate: settings.learningRate,
    num_train_epochs: settings.epochs,
    lr_scheduler_type: settings.schedule,
    warmup_steps: Math.ceil(steps * settings.warmupRatio),
    weight_decay: settings.weightDecay,
    max_grad_norm: settings.clip,
    optim: "adamw_torch",
    seed: settings.seed,
    ...(heldOut > 0 && {
      eval_dataset: HELD_OUT,
      per_device_eval_batch_size: settings.method === "kto" ? 2 : 1,
      eval_strategy: "steps",
      eval_steps: evalSteps,
      eval_on_start: true,
      load_best_model_at_end: true,
      metric_for_best_model: "eval_loss",
      greater_is_better: false,
      ...(settings.patience > 0 && { early_stopping_steps: settings.patience }),
    }),
    save_strategy: "steps",
    save_steps: heldOut > 0 ? evalSteps : settings.checkpointSteps,
    save_total_limit: 2,
    save_only_model: false,
    resume_from_checkpoint: situation.resume,
    output_dir: "output",
    logging_steps: 1,
    include_num_input_tokens_seen: true,
    report_to: "none",
    disable_tqdm: true,
    plot_loss: false,
    flash_attn: "sdpa",
    ddp_timeout: 180_000_000,
    ...preferenceArguments(settings, situation),
    ...deviceArguments(device, situation.processes),
    ...spreadArguments(settings),
  };
}

/** The reference is what training starts from, in a model of its own: LLaMA-Factory would take the bare base. */
function preferenceArguments(
  { method, preferenceBeta, quantizationBits }: TrainStageSettings,
  { base }: Situation,
): Arguments {
  if (method === "sft") return {};
  return {
    pref_beta: preferenceBeta,
    ...(method === "dpo" && { pref_loss: "sigmoid" }),
    ref_model: base,
    ref_model_adapters: "first-adapter",
    ...(quantizationBits !== "0" && { ref_model_quantization_bit: Number(quantizationBits) }),
  };
}

function deviceArguments(device: Situation["device"], processes: number): Arguments {
  if (device !== "cpu") return { [device]: true };
  return {
    use_cpu: true,
    disable_gradient_checkpointing: true,
    ...(processes > 1 && { ddp_backend: "gloo" }),
  };
}

function spreadArguments({ deepspeed, fsdp, ray, processes, nodes }: TrainStageSettings): Arguments {
  return {
    ...(deepspeed !== "off" && { deepspeed: `deepspeed-${deepspeed}.json` }),
    ...(fsdp && { fsdp: "full_shard auto_wrap", fsdp_config: "fsdp.json" }),
    ...(ray !== "" && { ray_num_workers: nodes * Math.max(1, processes) }),
  };
}

/** Arguments as YAML, one a line. */
export function toYaml(values: Arguments): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}: ${scalar(value)}\n`)
    .join("");
}

/** As YAML 1.1 reads it, for which 1e-7 is a text; a text has JSON's quotes. */
function scalar(value: Arguments[string]): string {
  const text = JSON.stringify(value);
  return typeof value === "number" && /^-?\d+e/.test(text) ? text.replace("e", ".0e") : text;
}
