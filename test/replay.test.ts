import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { readPersona } from "../personas/read.js";
import { writeMemoTrace } from "../personas/write-memotrace.js";
import { packageRoot } from "../src/project/paths.js";
import type { TrainReport } from "../src/train/report.js";
import { kouwen } from "./kouwen.js";
import { writeTinyModel } from "./tiny-model.js";

// Replay through the program, on a model of random weights: real llama.cpp answers, the real trainer learns them.

let home: string;
before(async () => {
  home = await mkdtemp(join(tmpdir(), "kouwen-replay-"));
  const persona = await readPersona(join(packageRoot, "personas/aze"));
  await writeMemoTrace(persona, join(home, "chats"), { generation: "v2-plain" });
  await writeTinyModel(join(home, "base"), { architecture: "qwen2", tied: true, seed: 5 });
});
after(() => rm(home, { recursive: true, force: true }));

test("train replays the base's own answers beside the person's, and draws them once", async () => {
  const project = join(home, "aze");
  const imported = ["import", join(home, "chats"), "--project", "aze", "--sample", "30"];
  for (const args of [imported, ["dialogue", "--project", "aze"]]) {
    const outcome = await kouwen(args, home);
    assert.equal(outcome.code, 0, outcome.stderr);
  }
  const file = join(project, "kouwen.json");
  const chosen = JSON.parse(await readFile(file, "utf8")) as object;
  await writeFile(file, JSON.stringify({ ...chosen, base: join(home, "base") }));
  const args = ["train", "--project", "aze", "--epochs", "1", "--replay-share", "0.2"];
  const first = await kouwen(args, home);
  assert.equal(first.code, 0, first.stderr);
  const { data } = JSON.parse(await readFile(join(project, "train.json"), "utf8")) as TrainReport;
  const share = data.replayed / (data.replayed + data.train.samples);
  assert.ok(share > 0.15 && share < 0.25, `${share}`);
  const answers = await readFile(join(project, "replay.jsonl"), "utf8");
  const again = await kouwen([...args, "--rank", "4"], home);
  assert.equal(again.code, 0, again.stderr);
  assert.equal(await readFile(join(project, "replay.jsonl"), "utf8"), answers);
});
