import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { readPersona } from "../personas/read.js";
import { writeMemoTrace } from "../personas/write-memotrace.js";
import { packageRoot } from "../src/project/paths.js";
import { factoryForTests } from "./factory.js";
import { kouwen } from "./kouwen.js";

// The program with LLaMA-Factory as its trainer and SmolLM2-135M as its base, from chats to a reply.
let home: string;
let env: Record<string, string>;

before(async () => {
  home = await mkdtemp(join(tmpdir(), "kouwen-factory-road-"));
  const place = await factoryForTests();
  env = {
    KOUWEN_LLAMAFACTORY: place.environment.executable,
    OMP_NUM_THREADS: "2",
    CUDA_VISIBLE_DEVICES: "",
    HF_HUB_OFFLINE: "0",
  };
  await mkdir(place.home, { recursive: true });
  await symlink(place.home, join(home, "cache"));
  const persona = await readPersona(join(packageRoot, "personas/remy"));
  const chats = join(home, "chats");
  await writeMemoTrace({ ...persona, sessions: persona.sessions.slice(0, 20) }, chats, { generation: "v2" });
  for (const args of [["import", chats], ["dialogue"]]) {
    const { code, stderr } = await kouwen([...args, "--project", "remy"], home, { env });
    assert.equal(code, 0, stderr);
  }
});

after(() => rm(home, { recursive: true, force: true }));

test("SmolLM2 is trained for some steps, stopped, trained on, merged, converted, and answers", async () => {
  const stage = async (...args: string[]) => {
    const done = await kouwen([...args, "--project", "remy"], home, { env, input: "hi\n" });
    assert.equal(done.code, 0, done.stderr);
    return done.stdout;
  };
  const few = "--epochs 1 --batch-replies 4 --max-tokens 256 --evals-per-epoch 1 --rank 4 --force".split(" ");
  const train = ["train", "--engine", "llamafactory", "--project", "remy", "--json", ...few];
  let asked = false;
  const stopped = await kouwen(train, home, {
    env,
    onError: (text, kill) => {
      // A second Ctrl-C would not wait for the step's end.
      if (asked || !/ [1-9]\d*\/\d+ steps/.test(text)) return;
      asked = true;
      kill("SIGINT");
    },
  });
  assert.equal(stopped.code, 130, stopped.stderr);
  assert.match(stopped.stderr, /stopped after step [1-9]/);
  const output = join(home, "remy/llamafactory/output");
  assert.ok(existsSync(join(output, "adapter_model.safetensors")), "the adapter as it was is kept");
  const again = await kouwen(train, home, { env });
  assert.equal(again.code, 0, again.stderr);
  assert.match(again.stderr, /LLaMA-Factory goes on from step [1-9]/);
  const trained = JSON.parse(again.stdout);
  assert.equal(trained.steps.done, trained.steps.planned);
  assert.ok(trained.heldOutLoss.last < trained.heldOutLoss.start, "it learnt");
  const report = JSON.parse(await readFile(join(home, "remy/train.json"), "utf8"));
  assert.equal(report.llamaFactory.version, "0.9.5");
  await stage("merge", "--engine", "llamafactory");
  await stage("gguf");
  const reply = await stage("chat", "--model", "f16", "--seed", "1", "--max-tokens", "16");
  assert.ok(reply.trim() !== "", "a reply");
});

test("prepare-only leaves what LLaMA Board starts from, and doctor finds the program", async () => {
  const args = [
    "train",
    "--engine",
    "llamafactory",
    "--prepare-only",
    "--project",
    "remy",
    "--json",
    "--force",
  ];
  const { code, stdout, stderr } = await kouwen(args, home, { env });
  assert.equal(code, 0, stderr);
  const { folder } = JSON.parse(stdout);
  const board = JSON.parse(await readFile(join(folder, "llamaboard_config/wechat_info_train.yaml"), "utf8"));
  assert.deepEqual(board["train.dataset"], ["wechat_info_train"]);
  const info = await readFile(join(folder, "data/dataset_info.json"), "latin1");
  assert.match(info, /^[\x20-\x7e\n]+$/, "pure ASCII");
  const path = [dirname(env["KOUWEN_LLAMAFACTORY"]!), process.env["PATH"]].join(delimiter);
  const doctor = await kouwen(["doctor", "smollm2:135m"], home, {
    env: { ...env, KOUWEN_LLAMAFACTORY: "", PATH: path },
  });
  assert.match(doctor.stdout, /^trainer {4}embedded; LLaMA-Factory 0\.9\.5 too: torch 2\.11\.0/m);
});
