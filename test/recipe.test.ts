import assert from "node:assert/strict";
import { access, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { readPersona } from "../personas/read.js";
import { writeMemoTrace } from "../personas/write-memotrace.js";
import type { AugmentReport } from "../src/augment/report.js";
import type { Dialogue } from "../src/dialogue/dialogue.js";
import { readJsonLines } from "../src/files.js";
import { packageRoot } from "../src/project/paths.js";
import { kouwen } from "./kouwen.js";
import { type Reaction, type SeenRequest, startLoopbackLlm } from "./loopback-llm.js";
import { writeTinyModel } from "./tiny-model.js";

const KEY = { DASHSCOPE_API_KEY: "sk-never-anywhere" };
let home: string;
let chats: string;
before(async () => {
  home = await mkdtemp(join(tmpdir(), "kouwen-recipe-"));
  chats = join(home, "chats");
  await writeMemoTrace(await readPersona(join(packageRoot, "personas/aze")), chats, {
    generation: "v2-plain",
  });
  await writeTinyModel(join(home, "base"), { architecture: "qwen2", tied: true, seed: 5 });
});
after(() => rm(home, { recursive: true }));

const classic = (project: string, ...more: string[]) => [
  "run",
  chats,
  "--project",
  project,
  "--recipe",
  "classic",
  ...more,
];

/** Adds an exchange. */
function answer({ body }: SeenRequest): Reaction {
  const fragment = JSON.parse(body.messages[1]!.content.split("\n\n")[0]!) as {
    role: string;
    content: string;
  }[];
  const more = [
    { role: "user", content: "好" },
    { role: "assistant", content: "嗯嗯" },
  ];
  return { text: JSON.stringify([...fragment, ...more]) };
}

test("what the classic recipe needs is asked for before anything is done", async () => {
  const noKey = await kouwen(classic("none"), home, { env: { DASHSCOPE_API_KEY: "" } });
  assert.equal(noKey.code, 1);
  assert.match(noKey.stderr, /^augment --llm: the environment variable DASHSCOPE_API_KEY is not set\..*\n$/);
  const noFactory = await kouwen(classic("none"), home, { env: { ...KEY, KOUWEN_LLAMAFACTORY: "" } });
  assert.equal(noFactory.code, 1);
  assert.match(noFactory.stderr, /LLaMA-Factory is not installed\. Run kouwen setup llamafactory\.\n$/);
  const unknown = await kouwen(["run", chats, "--recipe", "modern"], home);
  assert.match(unknown.stderr, /^run --recipe: there is no recipe "modern" \(known: classic\)\.\n$/);
  await assert.rejects(access(join(home, "none")));
});

test("the classic recipe edits the dialogues by DashScope's model, and what a call says goes before it", async () => {
  const server = await startLoopbackLlm(answer);
  after(() => server.close());
  const settings = [
    `augment.llmUrl=${server.url}`,
    "train.engine=embedded",
    "train.epochs=1",
    "train.learningRate=0.01",
    "compare.prompts=4",
    "compare.maxTokens=8",
  ].flatMap((each) => ["--set", each]);
  const args = classic("aze", "--base", join(home, "base"), "--sample", "40", ...settings);
  const { code, stderr } = await kouwen(args, home, { env: KEY });
  assert.equal(code, 0, stderr);
  assert.match(stderr, /next: kouwen serve --ollama --project aze\n/);
  const read = async (name: string) => JSON.parse(await readFile(join(home, "aze", name), "utf8")) as never;
  const report: AugmentReport = await read("augment.json");
  assert.deepEqual([report.model, report.mode], ["qwen2.5-32b-instruct", "rewrite"]);
  assert.ok(report.augmented > 10, JSON.stringify(report));
  const kept: { settings: Record<string, Record<string, unknown>> } = await read("kouwen.json");
  assert.equal(kept.settings["train"]!["preset"], "recommended");
  assert.equal(kept.settings["train"]!["engine"], "embedded");
  const made: Dialogue[] = [];
  for await (const one of readJsonLines<Dialogue>(join(home, "aze", "dialogues.augmented.jsonl"), "test")) {
    made.push(one);
  }
  assert.ok(made.some(({ turns }) => turns.some(({ origin }) => origin === "synthetic")));
  for (const file of ["compare.json", "model-q4_k_m.gguf", "model-f16.gguf"])
    await access(join(home, "aze", file));
});
