import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { mergeByLlamaFactory } from "../src/engines/llama-factory/export.js";
import { quietEnvironment } from "../src/engines/llama-factory/environment.js";
import { prepareTraining } from "../src/engines/llama-factory/prepare.js";
import { runPlug } from "../src/engines/llama-factory/run-plug.js";
import { trainByLlamaFactory } from "../src/engines/llama-factory/train.js";
import { createTrainer } from "../src/engines/onnxruntime/trainer.js";
import { writeJson } from "../src/files.js";
import { readModelConfig } from "../src/formats/model-config.js";
import { openModelTensors } from "../src/formats/safetensors/read.js";
import { merge } from "../src/merge/merge.js";
import { packageRoot } from "../src/project/paths.js";
import { type TrainStageSettings, trainStageSettings } from "../src/train/engine-settings.js";
import { heldOutLosses } from "../src/train/held-out-losses.js";
import { readAdapter } from "../src/train/read-adapter.js";
import { loraOf, trainSettings } from "../src/train/settings.js";
import { train } from "../src/train/train.js";
import { factoryForTests, inventDialogues, writeDialogues } from "./factory.js";
import { writeTinyModel, type TinyModel } from "./tiny-model.js";

// LLaMA-Factory 0.9.5 itself, on the processor, with models of random weights.
let home: string;
let base: string;
let dialogues: string;
let place: Awaited<ReturnType<typeof factoryForTests>>;

const REPLIES = 2;
const SETTINGS = trainStageSettings.parse({
  engine: "llamafactory",
  rank: 4,
  alpha: 8,
  learningRate: 0.005,
  epochs: 1,
  warmupRatio: 0,
  batchReplies: 16,
  patience: 0,
  precision: "exact",
  processes: 1,
} satisfies Partial<TrainStageSettings>);

before(async () => {
  home = await mkdtemp(join(tmpdir(), "kouwen factory-"));
  base = join(home, "base");
  await writeTinyModel(base, { architecture: "llama", tied: true, seed: "factory", type: "F32" });
  dialogues = await writeDialogues(join(home, "dialogues.jsonl"), inventDialogues(128, REPLIES, "factory"));
  place = await factoryForTests();
});

after(() => rm(home, { recursive: true, force: true }));

const pathsTo = (name: string) => ({ base, dialogues, out: join(home, name) });

async function adapterOf(folder: string, settings = SETTINGS): Promise<Float32Array> {
  return readAdapter(folder, await readModelConfig(base, "test"), loraOf(settings));
}

/** ‖a − b‖ / ‖b‖ over all matrices. */
function distance(a: Float32Array, b: Float32Array): number {
  assert.equal(a.length, b.length);
  return norm(a.map((value, at) => value - b[at]!)) / norm(b);
}

function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

/** The held-out loss in nats per token of an adapter, by our own model, whoever trained it. */
async function heldOutLoss(adapter: string): Promise<number> {
  const losses = await heldOutLosses({ base, dialogues, adapter }, SETTINGS, createTrainer());
  const all = [...losses.values()];
  const sum = (part: "loss" | "weight"): number => all.reduce((total, one) => total + one[part], 0);
  return sum("loss") / sum("weight");
}

/** Ids and labels that LLaMA-Factory makes of what was prepared, as it is with the plug or without. */
async function idsIn(folder: string, stock: boolean): Promise<{ input_ids: number[]; labels: number[] }[]> {
  const { executable } = place.environment;
  const env = quietEnvironment(place.env);
  await runPlug(
    "ids",
    { executable, folder, log: join(folder, "ids.log"), env },
    undefined,
    stock ? ["--stock"] : [],
  );
  return JSON.parse(await readFile(join(folder, "ids.json"), "utf8"));
}

const FAMILIES: Record<string, { model: TinyModel; template: string }> = {
  smollm2: { model: { architecture: "llama", tied: true, seed: 1, layers: 1 }, template: "chatml" },
  qwen3: { model: { architecture: "qwen3", tied: true, seed: 1, layers: 1 }, template: "qwen3_nothink" },
  deepseek: {
    model: { architecture: "qwen2", tied: false, seed: 1, layers: 1, tokenizer: "deepseek" },
    template: "deepseek3",
  },
};

for (const [name, { model, template }] of Object.entries(FAMILIES)) {
  test(`${name}: ids and labels are ours, for replies without loss and long dialogues too`, async () => {
    const own = join(home, `base-${name}`);
    await writeTinyModel(own, model);
    const all = inventDialogues(80, 4, name);
    all[1]!.turns[1]!.weight = 0;
    all[2]!.turns[7]!.weight = 0;
    const file = await writeDialogues(join(home, `${name}.jsonl`), all);
    const paths = { base: own, dialogues: file, out: join(home, name) };
    const settings = { ...SETTINGS, maxTokens: 128 };
    const prepared = await prepareTraining(paths, settings, place.environment, place.plug);
    assert.equal(prepared.template, template);
    assert.ok(prepared.counts.train.cutDialogues > 0, "some are cut");
    const ours = JSON.parse(await readFile(join(prepared.folder, "samples.json"), "utf8"));
    assert.deepEqual(await idsIn(prepared.folder, false), ours);
    if (name !== "smollm2") return;
    // As LLaMA Board has it, without the plug: the same tokens, and a newline with loss after each reply.
    const stock = await idsIn(prepared.folder, true);
    stock.forEach(({ input_ids: ids }, at) => {
      assert.deepEqual(ids.slice(0, -1), ours[at].input_ids);
    });
  });
}

test("its held-out loss is the embedded trainer's within 1 %, and both learnt", async (t) => {
  const ours = await train(pathsTo("ours"), trainSettings.parse(SETTINGS), createTrainer());
  const report = await trainByLlamaFactory(place)(pathsTo("theirs"), SETTINGS, {});
  assert.equal(report!.steps.done, ours.steps.done);
  const [mine, other] = [
    await heldOutLoss(join(home, "ours/adapter")),
    await heldOutLoss(join(home, "theirs/adapter")),
  ];
  t.diagnostic(`held-out loss from ${ours.heldOutLoss!.start}: embedded ${mine}, LLaMA-Factory ${other}`);
  assert.ok(mine < ours.heldOutLoss!.start - 0.3, `learnt: ${ours.heldOutLoss!.start} to ${mine}`);
  assert.ok(Math.abs(mine - other) / mine < 0.01, `${mine} and ${other}`);
  const log = await readFile(join(home, "theirs/logs/train.llamafactory.log"), "utf8");
  assert.ok(!log.includes("noodles"), "no chat text in the log");
  assert.ok(existsSync(join(home, "theirs/train-log.jsonl")));
});

test("recommended is LLaMA-Factory's own example: its ranks, rates and dialogues a step, from weights of its own", async () => {
  const settings = { ...SETTINGS, preset: "recommended" } as const;
  const report = (await trainByLlamaFactory(place)(pathsTo("recommended"), settings, {}))!;
  // 112 dialogues, eight a step, three times.
  assert.equal(report.steps.done, 42);
  assert.ok(report.heldOutLoss!.last < report.heldOutLoss!.start, "learnt");
  await adapterOf(join(home, "recommended/adapter"), { ...settings, rank: 8, alpha: 16 });
  const log = await readFile(join(home, "recommended/train-log.jsonl"), "utf8");
  const rates = [...log.matchAll(/"learningRate":([\d.e-]+)/g)].map(([, rate]) => Number(rate));
  assert.ok(Math.abs(Math.max(...rates) - 1e-4) < 1e-9, "the highest learning rate is 1e-4");
});

test("stopped, it keeps adapter and checkpoint; called again, it goes on to where it would have come", async () => {
  const stop = new AbortController();
  const run = {
    signal: stop.signal,
    onProgress: ({ done }: { done: number }) => {
      if (done >= 2) stop.abort(new Error("stopped by the test"));
    },
  };
  const again = trainByLlamaFactory(place);
  const slower = { ...SETTINGS, epochs: 4 };
  await assert.rejects(again(pathsTo("stopped"), slower, run), /stopped by the test/);
  assert.ok(existsSync(join(home, "stopped/llamafactory/output/adapter_model.safetensors")));
  assert.ok(!existsSync(join(home, "stopped/adapter")), "no adapter of a part of the training");
  const said: string[] = [];
  const report = await again(pathsTo("stopped"), slower, { say: (text) => said.push(text) });
  assert.match(said.join(), /goes on from step [1-9]/);
  assert.equal(report!.steps.done, report!.steps.planned);
});

test("two processes come to the same adapter as one", async (t) => {
  await trainByLlamaFactory(place)(pathsTo("two"), { ...SETTINGS, processes: 2 }, {});
  const log = await readFile(join(home, "two/logs/train.llamafactory.log"), "utf8");
  assert.match(log, /Process rank: 1, world size: 2/);
  const [one, two] = [
    await adapterOf(join(home, "theirs/adapter")),
    await adapterOf(join(home, "two/adapter")),
  ];
  t.diagnostic(`distance ${distance(two, one)}`);
  assert.ok(distance(two, one) <= 1e-3, `${distance(two, one)}`);
});

test("its own export is our merge, within rounding", async () => {
  const adapter = join(home, "theirs/adapter");
  await merge({ base, adapter, model: join(home, "merged") });
  const { adapted } = await mergeByLlamaFactory(place)({ base, adapter, model: join(home, "exported") }, {});
  assert.equal(adapted, 14);
  const ours = await openModelTensors(join(home, "merged"), "test");
  const theirs = await openModelTensors(join(home, "exported"), "test");
  assert.deepEqual([...theirs.tensors.keys()].sort(), [...ours.tensors.keys()].sort());
  for (const name of ours.tensors.keys()) {
    const [a, b] = [await ours.readFloat32(name), await theirs.readFloat32(name)];
    // One rounding to float32 of sums of at most 4 products each.
    assert.ok(
      a.every((value, at) => Math.abs(value - b[at]!) <= 1e-6),
      name,
    );
  }
  await Promise.all([ours.close(), theirs.close()]);
});

test("LLaMA Board makes of the prepared folder the training that we would start", async () => {
  const { folder } = await prepareTraining(pathsTo("board"), SETTINGS, null, place.plug);
  const script = join(packageRoot, "test/llama-board.py");
  const run = promisify(execFile);
  const { stdout } = await run(place.environment.executable, [script], { cwd: folder, env: place.env });
  const started = JSON.parse(stdout.trim().split("\n").at(-1)!);
  const expected = {
    model_name_or_path: base,
    adapter_name_or_path: "first-adapter",
    template: "chatml",
    dataset: "wechat_info_train",
    eval_dataset: "wechat_info_heldout",
    learning_rate: 0.005,
    lora_rank: 4,
    lora_alpha: 8,
    per_device_train_batch_size: 4,
    gradient_accumulation_steps: 2,
    disable_shuffling: true,
    seed: 0,
    trust_remote_code: false,
  };
  for (const [key, value] of Object.entries(expected)) assert.equal(started[key], value, key);
});

test("a sample that is not ours stops the training, and the failure says so", async () => {
  const broken = join(home, "broken");
  await cp(join(home, "theirs"), broken, { recursive: true });
  await rm(join(broken, "llamafactory/output"), { recursive: true });
  const { executable } = place.environment;
  const folder = join(broken, "llamafactory");
  const samples = JSON.parse(await readFile(join(folder, "samples.json"), "utf8"));
  samples[3].input_ids[2] += 1;
  await writeJson(join(folder, "samples.json"), "test", samples);
  const env = quietEnvironment(place.env);
  await assert.rejects(runPlug("train", { executable, folder, log: join(broken, "log"), env }), {
    message:
      /^train llamafactory: a sample has other tokens or labels than Kouwen's; choose --engine embedded\.$/,
  });
});
