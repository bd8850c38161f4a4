import { z } from "zod";
import { MalformedInput, Unsupported } from "../../errors.js";

/** What of a PEFT adapter's configuration decides its effect. */
export type AdapterConfig = {
  rank: number;
  alpha: number;
  /** Whether the scale is alpha / √rank instead of alpha / rank. */
  rslora: boolean;
  /** What the product of the two matrices is multiplied with. */
  scale: number;
  /** Last words of the adapted modules' names, such as `q_proj`; undefined where the file has a pattern instead. */
  targets: string[] | undefined;
  /** Whether each row of the changed weight is then given the length that a third tensor says (DoRA). */
  dora: boolean;
};

/** The file that says what an adapter is. */
export const CONFIG_FILE = "adapter_config.json";
const path = CONFIG_FILE;

const peftConfig = z.looseObject({
  peft_type: z.string(),
  r: z.number().int().positive().max(65536),
  lora_alpha: z.number(),
  use_rslora: z.boolean().default(false),
  use_dora: z.boolean().default(false),
  target_modules: z.union([z.array(z.string()), z.string()]).nullish(),
});

/** Ways to start training that leave the base as it is. PiSSA, OLoRA and their like take a part out of it. */
const PLAIN_STARTS = new Set<unknown>([undefined, true, false, "gaussian", "eva", "orthogonal"]);

/** Options that change more than the two matrices say, and the value that leaves them off. */
const UNSUPPORTED_OPTIONS: readonly [string, (value: unknown) => boolean][] = [
  ["use_qalora", (value) => !value],
  ["use_bdlora", (value) => !value],
  ["lora_bias", (value) => !value],
  ["fan_in_fan_out", (value) => !value],
  ["bias", (value) => value == null || value === "none"],
  ["modules_to_save", isEmpty],
  ["rank_pattern", isEmpty],
  ["alpha_pattern", isEmpty],
  ["layer_replication", isEmpty],
  ["trainable_token_indices", isEmpty],
  ["target_parameters", isEmpty],
  ["alora_invocation_tokens", isEmpty],
  ["kasa_config", isEmpty],
  ["init_lora_weights", (value) => PLAIN_STARTS.has(value ?? undefined)],
];

/**
 * Reads `adapter_config.json`.
 *
 * @throws {MalformedInput} a value is missing or impossible
 * @throws {Unsupported} not LoRA, or an option that is not computed here
 * @source PEFT 0.21, LoraConfig; scale: alpha / r, with `use_rslora` alpha / √r (arXiv 2312.03732); `use_dora`: arXiv 2402.09353
 */
export function parseAdapterConfig(json: unknown, stage: string): AdapterConfig {
  const { data, error } = peftConfig.safeParse(json);
  if (!data) {
    const issue = error.issues[0]!;
    throw new MalformedInput(
      `${stage} ${path}: ${issue.path.join(".") || "value"}: ${issue.message}. Train the adapter again.`,
      { stage, path },
    );
  }
  const refuse = (what: string): never => {
    throw new Unsupported(`${stage} ${path}: ${what}. Train a plain LoRA adapter.`, { stage, path });
  };
  if (data.peft_type !== "LORA") refuse(`the adapter is of another kind than LORA`);
  for (const [option, isOff] of UNSUPPORTED_OPTIONS) {
    if (!isOff(data[option])) refuse(`${option} is set, which is not computed here`);
  }
  return {
    rank: data.r,
    alpha: data.lora_alpha,
    rslora: data.use_rslora,
    scale: data.lora_alpha / (data.use_rslora ? Math.sqrt(data.r) : data.r),
    dora: data.use_dora,
    targets: Array.isArray(data.target_modules) ? data.target_modules : undefined,
  };
}

function isEmpty(value: unknown): boolean {
  return value == null || (typeof value === "object" && Object.keys(value).length === 0);
}
