import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { readPersona } from "../personas/read.js";
import { writeMemoTrace } from "../personas/write-memotrace.js";
import { templateFor } from "../src/formats/template/chat-template.js";
import { loadTokenizer } from "../src/formats/tokenizer/tokenizer.js";
import { gguf } from "../src/gguf/gguf.js";
import { packageRoot } from "../src/project/paths.js";
import { kouwen, type Outcome } from "./kouwen.js";
import { writeTinyModel } from "./tiny-model.js";

let home: string;
let chats: string;
let base: string;

before(async () => {
  home = await mkdtemp(join(tmpdir(), "kouwen-bad-"));
  chats = join(home, "chats");
  const persona = await readPersona(join(packageRoot, "personas/remy"));
  await writeMemoTrace({ ...persona, sessions: persona.sessions.slice(0, 60) }, chats, { generation: "v2" });
  base = join(home, "base");
  await writeTinyModel(base, { architecture: "llama", tied: true, seed: 1 });
});

/** One line on stderr for the failure, exit 1, and none of the stage's artifacts under its final name. */
async function refused(
  outcome: Outcome,
  message: RegExp,
  project: string,
  absent: readonly string[],
): Promise<void> {
  const last = outcome.stderr.trimEnd().split("\n").at(-1)!;
  assert.match(last, message);
  assert.doesNotMatch(outcome.stderr, /\n {4}at /, "no stack");
  assert.ok(!last.includes(home), "no absolute path");
  assert.equal(outcome.code, 1);
  const names = await readdir(join(home, project)).catch(() => []);
  assert.deepEqual(
    names.filter((name) => absent.includes(name) || name.endsWith(".partial")),
    [],
  );
}

const AFTER_DIALOGUE = ["adapter", "model", "model-f16.gguf", "compare.json"];

test("an empty folder", async () => {
  const empty = join(home, "empty");
  await mkdir(empty);
  const outcome = await kouwen(["run", empty, "--base", base, "--project", "p1"], home);
  await refused(outcome, /^import .*\. \S.*\.$/, "p1", ["messages.jsonl", ...AFTER_DIALOGUE]);
});

test("a file that is not JSON", async () => {
  const file = join(home, "notes.json");
  await writeFile(file, "dear diary");
  const outcome = await kouwen(["run", file, "--base", base, "--project", "p2"], home);
  await refused(outcome, /^import .*\. \S.*\.$/, "p2", ["messages.jsonl", ...AFTER_DIALOGUE]);
});

test("a truncated safetensors file as base", async () => {
  const broken = join(home, "truncated");
  await writeTinyModel(broken, { architecture: "qwen2", tied: false, seed: 2 });
  await truncate(join(broken, "model.safetensors"), 100_000);
  const outcome = await kouwen(["run", chats, "--base", broken, "--project", "p3"], home);
  await refused(outcome, /^\w+ model\.safetensors: .*100000.*\. \S.*\.$/, "p3", AFTER_DIALOGUE);
});

test("a truncated GGUF file as base", async () => {
  const file = join(home, "truncated.gguf");
  const template = templateFor(await loadTokenizer(base, "gguf"), "gguf");
  await gguf({ model: base, gguf: file }, { name: "tiny", template });
  await truncate(file, 200_000);
  const outcome = await kouwen(["run", chats, "--base", file, "--project", "p4"], home);
  await refused(outcome, /^\w+ truncated\.gguf: .*\. \S.*\.$/, "p4", AFTER_DIALOGUE);
});

test("an architecture that is not supported", async () => {
  const other = join(home, "other");
  await writeTinyModel(other, { architecture: "llama", tied: true, seed: 3 });
  const config = JSON.parse(await readFile(join(other, "config.json"), "utf8"));
  await writeFile(join(other, "config.json"), JSON.stringify({ ...config, model_type: "mamba" }));
  const outcome = await kouwen(["run", chats, "--base", other, "--project", "p5"], home);
  await refused(outcome, /"mamba" is not llama, qwen2 or qwen3\. Choose/, "p5", AFTER_DIALOGUE);
});

test("too little memory", async () => {
  const args = ["run", chats, "--base", base, "--project", "p6", "--set", "train.memoryGib=0.05"];
  await refused(await kouwen(args, home), /^train .*GiB.*\. \S.*\.$/, "p6", AFTER_DIALOGUE);
});

for (const file of [
  "messages.jsonl",
  "dialogues.jsonl",
  "adapter_model.safetensors",
  "model.safetensors",
  "model-f16.gguf",
]) {
  test(`a disk that is full when ${file} is written`, async () => {
    const project = `full-${file.replaceAll(".", "-")}`;
    const outcome = await kouwen(
      ["run", chats, "--base", base, "--project", project, "--set", "train.epochs=0.5"],
      home,
      {
        preload: join(packageRoot, "dist/test/full-disk.js"),
        env: { KOUWEN_TEST_FULL: project, KOUWEN_TEST_FULL_NAME: file },
      },
    );
    const folder = { "adapter_model.safetensors": "adapter", "model.safetensors": "model" }[file];
    await refused(outcome, /^\w+ \S+: no space left on the disk\. Free some and run again\.$/, project, [
      folder ?? file,
    ]);
  });
}

test("a flag that does not exist, a command that does not exist", async () => {
  const flag = await kouwen(["run", chats, "--epohcs", "3"], home);
  assert.match(flag.stderr, /^run arguments: Unknown option '--epohcs'\. See kouwen run --help\.\n$/);
  const command = await kouwen(["tarin"], home);
  assert.match(command.stderr, /^kouwen: there is no command "tarin"\. See kouwen --help\.\n$/);
  assert.deepEqual([flag.code, command.code], [1, 1]);
});
