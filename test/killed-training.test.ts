import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { killAgainAndAgain, trainingGround, type TrainingGround } from "./killed-training.js";
import { writeTinyModel } from "./tiny-model.js";

test("killed three times, a training ends with the same adapter, byte for byte", () =>
  killAgainAndAgain("quick", 3));

let ground: TrainingGround;
before(async () => {
  ground = await trainingGround();
  await ground.prepare("stopped");
  // Inside the second checkpoint or so.
  const outcome = await ground.train("stopped", { killAt: 60 });
  assert.equal(outcome.code, null, outcome.stderr);
});
after(() => ground.close());

async function refused(difference: RegExp, flags: string[] = []): Promise<void> {
  const { code, stderr } = await ground.train("stopped", { flags });
  assert.match(stderr.trimEnd().split("\n").at(-1)!, difference);
  assert.equal(code, 1);
}

test("a killed training refuses to go on with another setting, other dialogues or another base of the same size, and names it", async () => {
  await refused(/^train checkpoints: rank was changed from 4 to 8 since training stopped\. /, [
    "--rank",
    "8",
  ]);
  await ground.prepare("stopped", 50);
  await refused(/^train checkpoints: the dialogues have changed since training stopped\. /);
  await ground.prepare("stopped");
  const base = { architecture: "qwen2", tied: true, layers: 1 } as const;
  await rm(join(ground.home, "base"), { recursive: true });
  await writeTinyModel(join(ground.home, "base"), { ...base, seed: "tuned further" });
  await refused(/^train checkpoints: the base model has changed since training stopped\. /);
  await rm(join(ground.home, "base"), { recursive: true });
  await writeTinyModel(join(ground.home, "base"), { ...base, seed: "killed" });
  const { code, stderr } = await ground.train("stopped");
  assert.equal(code, 0, stderr);
});
