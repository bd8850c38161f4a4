import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { readPersona } from "../personas/read.js";
import { writeMemoTrace } from "../personas/write-memotrace.js";
import { packageRoot } from "../src/project/paths.js";
import { kouwen } from "./kouwen.js";
import { writeTinyModel } from "./tiny-model.js";

// The whole road through the program, on a model of random weights: real files, real trainer, real llama.cpp.
let home: string;
let chats: string;
let base: string;

const SMALL = [
  "--set",
  "train.epochs=1",
  "--set",
  "train.learningRate=0.01",
  "--set",
  "compare.prompts=8",
  "--set",
  "compare.maxTokens=24",
];

before(async () => {
  home = await mkdtemp(join(tmpdir(), "kouwen-road-"));
  chats = join(home, "chats");
  base = join(home, "base");
  await writeMemoTrace(await readPersona(join(packageRoot, "personas/aze")), chats, {
    generation: "v2-plain",
  });
  await writeTinyModel(base, { architecture: "qwen2", tied: true, seed: 5 });
});

async function json<Shape>(path: string): Promise<Shape> {
  return JSON.parse(await readFile(path, "utf8")) as Shape;
}

test("run leaves every artifact, compares four models and the person, and then has nothing left to do", async () => {
  const args = ["run", chats, "--base", base, "--project", "aze", "--sample", "80", "--json", ...SMALL];
  const first = await kouwen(args, home);
  assert.equal(first.code, 0, first.stderr);
  const { stages, comparison } = JSON.parse(first.stdout);
  assert.deepEqual(
    stages.map(({ stage, done }: { stage: string; done: string }) => `${stage} ${done}`),
    [
      "import now",
      "dialogue now",
      "augment skipped",
      ...["train", "merge", "gguf", "quantize", "compare"].map((stage) => `${stage} now`),
    ],
  );
  assert.deepEqual(Object.keys(comparison.systems).sort(), ["base", "baseQ4", "f16", "q4", "real"]);
  assert.equal(comparison.systems.real.nllPerChar, null);
  assert.ok(comparison.systems.f16.nllPerChar < comparison.systems.base.nllPerChar, "tuning lowers surprise");

  const second = await kouwen(args, home);
  assert.ok(
    JSON.parse(second.stdout).stages.every(({ done }: { done: string }) =>
      ["before", "skipped"].includes(done),
    ),
  );

  const project = join(home, "aze");
  const { resolved } = await json<{ resolved: { train: Record<string, unknown> } }>(
    join(project, "kouwen.json"),
  );
  const { train } = resolved;
  assert.deepEqual(train["epochs"], { value: 1, origin: "flag" });
  assert.deepEqual(train["rank"], { value: 16, origin: "default" });
  for (const stage of ["import", "dialogue", "train", "merge", "gguf", "quantize", "compare"]) {
    const log = await readFile(join(project, "logs", `${stage}.log`), "utf8");
    assert.match(log, /"event":"done"/);
    assert.doesNotMatch(log, /\p{Script=Han}/u, "no chat text in a log");
  }
});

test("train --show prints the end of a reply as trained and what the other side says as not", async () => {
  const shown = await kouwen(["train", "--project", "aze", "--show", "2"], home);
  assert.equal(shown.code, 0, shown.stderr);
  assert.match(shown.stdout, /^sample 1: \d+ tokens, \d+ trained\n<\|im_start\|>/);
  assert.match(shown.stdout, /⟦\p{sc=Han}/u);
  assert.ok(!shown.stdout.includes("\uFFFD"), "a character of several tokens is shown whole");
  assert.match(shown.stdout, /⟦<\|im_end\|>⟧/);
  assert.doesNotMatch(shown.stdout, /⟦<\|im_start\|>⟧/);
});

test("train --show takes the dialogues that are trained on: completed ones, where there are such", async () => {
  const completed = join(home, "completed");
  await cp(join(home, "aze"), completed, { recursive: true });
  const lines = (await readFile(join(completed, "dialogues.jsonl"), "utf8")).trimEnd().split("\n");
  const made = lines.map((line) => {
    const { turns, ...dialogue } = JSON.parse(line);
    return JSON.stringify({ ...dialogue, turns: [{ ...turns[0], text: "made up" }, ...turns.slice(1)] });
  });
  await writeFile(join(completed, "dialogues.augmented.jsonl"), `${made.join("\n")}\n`);
  const shown = await kouwen(["train", "--project", "completed", "--show", "1"], home);
  assert.match(shown.stdout, /made up/);
});

test("dialogue --stats shows each contact's numbers, tokens as the base counts them, and the verdict", async () => {
  const shown = await kouwen(["dialogue", "--project", "aze", "--stats", "--rhythm", "--json"], home);
  assert.equal(shown.code, 0, shown.stderr);
  const { stats, rhythms } = JSON.parse(shown.stdout);
  assert.deepEqual(rhythms, [], "the export has no times");
  assert.ok(["little", "too-little"].includes(stats.verdict));
  const { all, contacts } = stats;
  assert.ok(all.tokens > all.replies.train, "the base is a folder on this machine");
  const total = (key: "characters" | "tokens") =>
    contacts.reduce((sum: number, contact: Record<typeof key, number>) => sum + contact[key], 0);
  assert.equal(total("tokens"), all.tokens);
  assert.equal(total("characters"), all.characters);
  const text = await kouwen(["dialogue", "--project", "aze", "--stats"], home);
  assert.match(text.stdout, /replies to train on: (too )?little/);
});

test("chat answers each line of its input and leaves at the end", async () => {
  const args = ["chat", "--project", "aze", "--seed", "1", "--max-tokens", "12"];
  const outcome = await kouwen(args, home, { input: "周六去爬山不\n几点\n" });
  assert.equal(outcome.code, 0, outcome.stderr);
  const again = await kouwen(args, home, { input: "周六去爬山不\n几点\n" });
  assert.equal(again.stdout, outcome.stdout, "the same seed gives the same replies");
  assert.ok(outcome.stdout.trim().split("\n").length >= 2);
});

function runArgs(project: string): string[] {
  return [
    "run",
    chats,
    "--base",
    base,
    "--project",
    project,
    "--sample",
    "80",
    ...SMALL,
    "--set",
    "train.checkpointSteps=1",
  ];
}

test("stopped by Ctrl-C while it trains, it exits 130, and the same command ends with the same adapter", async () => {
  // The same stand-ins for what is private, which a project draws at random.
  await cp(join(home, "aze", "private"), join(home, "stopped", "private"), { recursive: true });
  let stopped = false;
  const first = await kouwen(runArgs("stopped"), home, {
    onError: (text, kill) => {
      if (stopped || !/precision \w+ \(/.test(text)) return;
      stopped = true;
      kill("SIGINT");
    },
  });
  assert.equal(first.code, 130, first.stderr);
  await assert.rejects(stat(join(home, "stopped", "adapter")), { code: "ENOENT" });
  const second = await kouwen(runArgs("stopped"), home);
  assert.equal(second.code, 0, second.stderr);
  const adapter = (project: string) => readFile(join(home, project, "adapter", "adapter_model.safetensors"));
  assert.ok((await adapter("stopped")).equals(await adapter("aze")), "byte for byte");
});
