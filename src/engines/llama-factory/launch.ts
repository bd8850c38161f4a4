import { delimiter, dirname } from "node:path";
import { Unsupported } from "../../errors.js";
import type { TrainStageSettings } from "../../train/engine-settings.js";

/**
 * Environment variables by which LLaMA-Factory's launcher starts the processes; empty for a single one.
 *
 * @throws {Unsupported} settings that exclude each other, or several machines without the first one's address
 * @source LLaMA-Factory 0.9.5, launcher.py and extras/misc.py
 */
export function launchEnvironment(settings: TrainStageSettings, processes: number): Record<string, string> {
  check(settings);
  const { nodes, nodeRank, master, deepspeed, fsdp, ray } = settings;
  if (ray !== "") return { USE_RAY: "1", RAY_ADDRESS: ray };
  if (nodes * processes === 1 && deepspeed === "off" && !fsdp) return {};
  const [host = "127.0.0.1", port] = master === "" ? [] : master.split(":");
  return {
    FORCE_TORCHRUN: "1",
    NNODES: String(nodes),
    NODE_RANK: String(nodeRank),
    NPROC_PER_NODE: String(processes),
    ...(master === "" ? {} : { MASTER_ADDR: host, MASTER_PORT: port! }),
  };
}

/** With the environment's own programs first, as the launcher calls `torchrun` by its name. */
export function withPrograms(env: NodeJS.ProcessEnv, executable: string): NodeJS.ProcessEnv {
  return { ...env, PATH: `${dirname(executable)}${delimiter}${env["PATH"] ?? ""}` };
}

function check({ nodes, nodeRank, master, deepspeed, fsdp, ray }: TrainStageSettings): void {
  if (nodeRank >= nodes) refuse(`--node-rank: ${nodeRank} of ${nodes} machines (from 0). Set --nodes too.`);
  if (nodes > 1 && master === "" && ray === "")
    refuse("--master: several machines need the first one's address. Set --master host:port.");
  if (deepspeed !== "off" && fsdp)
    refuse("--fsdp: DeepSpeed is on too, which does the same. Choose one of them.");
  if (ray !== "" && (deepspeed !== "off" || fsdp || nodes > 1))
    refuse("--ray: Ray places the processes itself. Leave out --nodes, --deepspeed and --fsdp.");
}

/** DeepSpeed's configuration: stage 2 spreads optimizer and gradients, 3 the base too; the rest is the trainer's. */
export function deepspeedConfig(stage: 2 | 3): Record<string, unknown> {
  return {
    train_batch_size: "auto",
    train_micro_batch_size_per_gpu: "auto",
    gradient_accumulation_steps: "auto",
    gradient_clipping: "auto",
    zero_allow_untested_optimizer: true,
    fp16: { enabled: "auto" },
    bf16: { enabled: "auto" },
    zero_optimization: {
      stage,
      overlap_comm: false,
      contiguous_gradients: true,
      ...(stage === 2
        ? { allgather_partitions: true, reduce_scatter: true }
        : { stage3_gather_16bit_weights_on_model_save: true }),
    },
  };
}

/** transformers' options of FSDP: each layer of the model is spread by itself. */
export const FSDP_CONFIG = {
  backward_prefetch: "backward_pre",
  use_orig_params: true,
  cpu_ram_efficient_loading: true,
  sync_module_states: true,
};

function refuse(what: string): never {
  throw new Unsupported(`train ${what}`, { stage: "train" });
}
