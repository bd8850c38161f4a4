import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fingerprint } from "./fingerprint.js";
import { keepTrainedAdapter, refinesOwn } from "./keep-adapter.js";
import { trainStageSettings } from "../train/engine-settings.js";
import { writeState } from "./state.js";

test("the project's own adapter is meant whether it is named or not, and only by votes", () => {
  assert.equal(refinesOwn(trainStageSettings.parse({ method: "dpo" }), "/p"), true);
  assert.equal(refinesOwn(trainStageSettings.parse({ method: "kto", adapter: "/p/adapter/" }), "/p"), true);
  assert.equal(refinesOwn(trainStageSettings.parse({ method: "dpo", adapter: "/q/adapter" }), "/p"), false);
  assert.equal(refinesOwn(trainStageSettings.parse({ adapter: "/p/adapter" }), "/p"), false);
});

test("what learnt dialogues is kept, and what votes made of it, or a half training, never takes its place", async () => {
  const project = await mkdtemp(join(tmpdir(), "kouwen-keep-"));
  const adapter = join(project, "adapter");
  const kept = () => readFile(join(project, "adapter-sft/weights"), "utf8");
  const train = async (weights: string, report: object, came = true) => {
    await mkdir(adapter, { recursive: true });
    await writeFile(join(adapter, "weights"), weights);
    await writeFile(join(project, "train.json"), JSON.stringify(report));
    const outputs = [await fingerprint(adapter, {})];
    const stages = came ? { train: { key: "", outputs, result: { note: "" } } } : {};
    await writeState(project, { digests: {}, stages });
  };
  try {
    await assert.rejects(keepTrainedAdapter(project), /there is no trained adapter to refine/);
    await train("half", {}, false);
    await assert.rejects(keepTrainedAdapter(project), /there is no trained adapter to refine/);
    await train("learnt", {});
    await keepTrainedAdapter(project);
    assert.equal(await kept(), "learnt");
    await train("refined", { preference: { method: "dpo" } });
    await keepTrainedAdapter(project);
    assert.equal(await kept(), "learnt");
    await train("half", {}, false);
    await keepTrainedAdapter(project);
    assert.equal(await kept(), "learnt");
    await train("learnt anew", {});
    await keepTrainedAdapter(project);
    assert.equal(await kept(), "learnt anew");
  } finally {
    await rm(project, { recursive: true, force: true });
  }
});
