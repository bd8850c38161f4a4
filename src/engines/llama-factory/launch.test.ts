import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Unsupported } from "../../errors.js";
import type { ModelConfig } from "../../formats/model-config.js";
import {
  refuseOtherEngines,
  type TrainStageSettings,
  trainStageSettings,
} from "../../train/engine-settings.js";
import { shareBatch, type Situation, toYaml, trainArguments, withPreset } from "./arguments.js";
import { pythonIn } from "./environment.js";
import { checkMethod, rateFor } from "./method.js";
import { deepspeedConfig, launchEnvironment, withPrograms } from "./launch.js";

const settings = (some: Partial<TrainStageSettings> = {}) =>
  trainStageSettings.parse({ engine: "llamafactory", learningRate: 1e-4, ...some });
const SITUATION: Situation = {
  base: "/models/base",
  template: "chatml",
  first: true,
  samples: 80,
  heldOut: 8,
  replies: 320,
  processes: 1,
  device: "bf16",
  resume: null,
};

// Ray, DeepSpeed, FSDP and several machines are not run by any test; these are the commands and files as LLaMA-Factory
// 0.9.5 documents and reads them.
describe("launches that cannot be run here", () => {
  test("two machines of four GPUs", () => {
    const two = settings({ nodes: 2, nodeRank: 1, master: "10.0.0.1:29500" });
    assert.deepEqual(launchEnvironment(two, 4), {
      FORCE_TORCHRUN: "1",
      NNODES: "2",
      NODE_RANK: "1",
      NPROC_PER_NODE: "4",
      MASTER_ADDR: "10.0.0.1",
      MASTER_PORT: "29500",
    });
  });

  test("DeepSpeed and FSDP start through torchrun even on one GPU, each with its file", () => {
    for (const spread of [{ deepspeed: "z3" as const }, { fsdp: true }]) {
      assert.deepEqual(launchEnvironment(settings(spread), 1), {
        FORCE_TORCHRUN: "1",
        NNODES: "1",
        NODE_RANK: "0",
        NPROC_PER_NODE: "1",
      });
    }
    assert.equal(trainArguments(settings({ deepspeed: "z2" }), SITUATION)["deepspeed"], "deepspeed-z2.json");
    const { fsdp, fsdp_config } = trainArguments(settings({ fsdp: true }), SITUATION);
    assert.deepEqual([fsdp, fsdp_config], ["full_shard auto_wrap", "fsdp.json"]);
    assert.deepEqual((deepspeedConfig(3)["zero_optimization"] as Record<string, unknown>)["stage"], 3);
  });

  test("Ray", () => {
    const ray = settings({ ray: "ray://10.0.0.1:10001", processes: 4 });
    assert.deepEqual(launchEnvironment(ray, 4), { USE_RAY: "1", RAY_ADDRESS: "ray://10.0.0.1:10001" });
    assert.equal(trainArguments(ray, SITUATION)["ray_num_workers"], 4);
  });
});

test("one process needs no launcher, two on one machine do", () => {
  assert.deepEqual(launchEnvironment(settings(), 1), {});
  assert.equal(launchEnvironment(settings(), 2)["NPROC_PER_NODE"], "2");
});

test("settings that exclude each other are refused", () => {
  const wrong: [Partial<TrainStageSettings>, RegExp][] = [
    [{ nodes: 2 }, /--master: several machines need the first one's address/],
    [{ nodeRank: 1 }, /--node-rank: 1 of 1 machines/],
    [{ deepspeed: "z2", fsdp: true }, /--fsdp: DeepSpeed is on too/],
    [{ ray: "auto", deepspeed: "z2" }, /--ray: Ray places the processes itself/],
  ];
  for (const [some, message] of wrong) {
    assert.throws(
      () => launchEnvironment(settings(some), 1),
      (error) => error instanceof Unsupported && message.test(error.message),
    );
  }
  assert.equal(trainStageSettings.safeParse({ master: "10.0.0.1" }).success, false);
});

test("a step holds as many dialogues, however many processes share it", () => {
  for (const processes of [1, 2, 4]) {
    const { perDevice, accumulation, dialogues } = shareBatch(settings({ batchReplies: 32 }), {
      ...SITUATION,
      processes,
    });
    assert.equal(dialogues, 8);
    assert.equal(perDevice * accumulation * processes, 8);
  }
});

test("the preset recommended is LLaMA-Factory's own example, without its first 1000 samples only", () => {
  const recommended = withPreset(settings({ preset: "recommended" }));
  const values = trainArguments(recommended, { ...SITUATION, first: false });
  const expected = {
    lora_rank: 8,
    lora_alpha: 16,
    lora_target: "all",
    cutoff_len: 2049,
    per_device_train_batch_size: 1,
    gradient_accumulation_steps: 8,
    learning_rate: 1e-4,
    num_train_epochs: 3,
    lr_scheduler_type: "cosine",
    // A tenth of 30 steps.
    warmup_steps: 3,
    bf16: true,
    disable_shuffling: false,
  };
  for (const [key, value] of Object.entries(expected)) assert.equal(values[key], value, key);
  assert.ok(!("max_samples" in values) && !("adapter_name_or_path" in values));
});

test("dpo and kto hold the model to the adapter that they start from, at a twentieth of the learning rate", () => {
  const votes = settings({ votes: "/v.jsonl", adapter: "/a", learningRate: 0, preferenceBeta: 0.2 });
  const dpo = trainArguments({ ...votes, method: "dpo" }, SITUATION);
  const expected = {
    stage: "dpo",
    pref_beta: 0.2,
    pref_loss: "sigmoid",
    ref_model: "/models/base",
    ref_model_adapters: "first-adapter",
    adapter_name_or_path: "first-adapter",
  };
  for (const [key, value] of Object.entries(expected)) assert.equal(dpo[key], value, key);
  assert.ok(!("ref_model" in trainArguments(settings(), SITUATION)));
  const kto = shareBatch({ ...votes, method: "kto", batchReplies: 5 }, { ...SITUATION, replies: 80 });
  assert.deepEqual([kto.perDevice, kto.dialogues], [3, 6]);
  const config = { hiddenSize: 600 } as ModelConfig;
  assert.equal(rateFor({ ...votes, method: "dpo" }, config), rateFor(votes, config) / 20);
  assert.equal(rateFor({ ...votes, method: "dpo", learningRate: 3e-6 }, config), 3e-6);
});

test("a method's missing or useless settings are refused before anything starts", () => {
  const given = { method: "dpo", votes: "/v.jsonl", adapter: "/a" } as const;
  checkMethod(settings(given));
  const wrong: [Partial<TrainStageSettings>, RegExp][] = [
    [{ ...given, votes: "" }, /--votes: dpo learns from votes/],
    [{ ...given, adapter: "" }, /--adapter: dpo refines an adapter/],
    [{ ...given, preset: "recommended" }, /--preset: recommended is for learning dialogues/],
    [{ ...given, dora: true }, /--dora: votes refine a LoRA adapter only/],
    [{ dora: true, adapter: "/a" }, /--dora: it starts from nothing/],
    [{ ...given, method: "sft" }, /--votes: sft learns from dialogues/],
    [{ replayShare: 0.1 }, /--replay-share: only the embedded trainer/],
  ];
  for (const [some, message] of wrong) assert.throws(() => checkMethod(settings(some)), message);
});

test("the embedded trainer refuses what only LLaMA-Factory knows", () => {
  refuseOtherEngines(trainStageSettings.parse({ rank: 4, neftuneAlpha: 5 }));
  for (const [some, flag] of [
    [{ deepspeed: "z2" }, "--deepspeed"],
    [{ quantizationBits: "4" }, "--quantization-bits"],
    [{ nodes: 2 }, "--nodes"],
    [{ votes: "/v.jsonl" }, "--votes"],
  ] as const)
    assert.throws(() => refuseOtherEngines(trainStageSettings.parse(some)), {
      message: `train ${flag}: only LLaMA-Factory knows it. Add --engine llamafactory, or leave it out.`,
    });
});

test("numbers are numbers in YAML 1.1 too", () => {
  assert.equal(
    toYaml({ a: 1e-7, b: 1.5e-9, c: 0.001, d: null, e: "x: #", f: true }),
    'a: 1.0e-7\nb: 1.5e-9\nc: 0.001\nd: null\ne: "x: #"\nf: true\n',
  );
});

test("an environment's Python and programs, on Windows too", () => {
  assert.match(pythonIn("env", "win32"), /^env[/\\]Scripts[/\\]python\.exe$/);
  assert.match(pythonIn("env", "darwin"), /^env[/\\]bin[/\\]python$/);
  assert.match(withPrograms({ PATH: "/usr/bin" }, "/env/bin/python")["PATH"]!, /^\/env\/bin[:;]\/usr\/bin$/);
});
