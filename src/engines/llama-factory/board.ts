import type { Arguments } from "./arguments.js";

/** LLaMA Board's own fields, and the arguments that they stand for. */
const FIELDS: Readonly<Record<string, string>> = {
  "top.model_path": "model_name_or_path",
  "top.finetuning_type": "finetuning_type",
  "top.template": "template",
  "train.dataset_dir": "dataset_dir",
  "train.cutoff_len": "cutoff_len",
  "train.batch_size": "per_device_train_batch_size",
  "train.gradient_accumulation_steps": "gradient_accumulation_steps",
  "train.lr_scheduler_type": "lr_scheduler_type",
  "train.logging_steps": "logging_steps",
  "train.save_steps": "save_steps",
  "train.warmup_steps": "warmup_steps",
  "train.lora_rank": "lora_rank",
  "train.lora_alpha": "lora_alpha",
  "train.lora_dropout": "lora_dropout",
  "train.use_rslora": "use_rslora",
  "train.lora_target": "lora_target",
};
/** Fields whose value is a text. */
const TEXTS: Readonly<Record<string, string>> = {
  "train.learning_rate": "learning_rate",
  "train.num_train_epochs": "num_train_epochs",
  "train.max_grad_norm": "max_grad_norm",
};
/** Its names of stages. */
const STAGES: Readonly<Record<string, string>> = {
  sft: "Supervised Fine-Tuning",
  dpo: "DPO",
  kto: "KTO",
};
/** What the Board decides itself, or has as a field of another form. */
const LEFT_OUT = new Set([
  "output_dir",
  "resume_from_checkpoint",
  "dataset",
  "stage",
  "do_train",
  "bf16",
  "fp16",
]);

/**
 * A training as LLaMA Board's "load arguments" reads it: a value for each field, everything that has none as extra
 * arguments.
 *
 * @source LLaMA-Factory 0.9.5, webui/runner.py, `_parse_train_args`
 */
export function boardConfig(values: Arguments): Record<string, unknown> {
  const fields = Object.entries(FIELDS).map(([field, key]) => [field, values[key] ?? ""]);
  const texts = Object.entries(TEXTS).map(([field, key]) => [field, String(values[key])]);
  const known = new Set([...Object.values(FIELDS), ...Object.values(TEXTS), ...LEFT_OUT]);
  const extra = Object.fromEntries(Object.entries(values).filter(([key]) => !known.has(key)));
  return {
    "top.model_name": "Custom",
    ...Object.fromEntries(fields),
    ...Object.fromEntries(texts),
    "train.training_stage": STAGES[String(values["stage"])] ?? STAGES["sft"],
    "train.dataset": String(values["dataset"]).split(","),
    "train.compute_type": values["bf16"] === true ? "bf16" : values["fp16"] === true ? "fp16" : "fp32",
    "train.val_size": 0,
    "train.extra_args": JSON.stringify(extra),
  };
}

/** How to start, for whoever gets the folder. */
export const HOW_TO_START = `This folder trains in LLaMA-Factory 0.9.5 as it is. It holds pieces of chats: show it to nobody.

LLaMA Board, in a browser on this machine:
  cd into this folder
  GRADIO_SERVER_NAME=127.0.0.1 llamafactory-cli webui
  Train tab: Config path "wechat_info_train.yaml", Load arguments, then Start.
  (Windows: set GRADIO_SERVER_NAME=127.0.0.1 first, then llamafactory-cli webui)

Without a browser:
  llamafactory-cli train train.yaml

As Kouwen itself does it, with its checks and without loss on the newline after a reply:
  python plug.py train

train.yaml names the base model's folder; change model_name_or_path if it lies elsewhere. The adapter is in output
(Board: saves/Custom/lora/...). To go on in Kouwen, give the folder of the adapter to kouwen train --adapter, or copy
adapter_config.json and adapter_model.safetensors into the project's folder adapter.
`;
