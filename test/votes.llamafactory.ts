import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { trainByLlamaFactory } from "../src/engines/llama-factory/train.js";
import { writeJsonLines } from "../src/files.js";
import { readModelConfig } from "../src/formats/model-config.js";
import { merge } from "../src/merge/merge.js";
import { writeAdapter } from "../src/train/adapter-files.js";
import { trainStageSettings } from "../src/train/engine-settings.js";
import { initLora } from "../src/train/lora.js";
import { readAdapter } from "../src/train/read-adapter.js";
import { loraOf } from "../src/train/settings.js";
import { createRandom } from "../src/random.js";
import { factoryForTests, inventDialogues } from "./factory.js";
import { writeTinyModel } from "./tiny-model.js";

// Votes refine an adapter by LLaMA-Factory 0.9.5 itself: people like replies with "haha", and dislike the others.
let home: string;
let base: string;
let votes: string;
let start: string;
let place: Awaited<ReturnType<typeof factoryForTests>>;
const SETTINGS = trainStageSettings.parse({
  engine: "llamafactory",
  rank: 4,
  alpha: 8,
  learningRate: 0.01,
  epochs: 2,
  warmupRatio: 0,
  batchReplies: 8,
  evalsPerEpoch: 1,
  patience: 0,
  processes: 1,
});

before(async () => {
  home = await mkdtemp(join(tmpdir(), "kouwen-votes-"));
  [base, votes, start] = [join(home, "base"), join(home, "votes.jsonl"), join(home, "start")];
  await writeTinyModel(base, { architecture: "llama", tied: true, seed: "votes", type: "F32" });
  place = await factoryForTests();
  const pairs = inventDialogues(80, 2, "votes").map(({ system, turns }) => ({
    messages: [
      ...(system === null ? [] : [{ role: "system", content: system }]),
      ...turns.slice(0, -1).map(({ role, text }) => ({ role, content: text })),
    ],
    chosen: `haha ${turns.at(-1)!.text}`,
    rejected: turns.at(-1)!.text,
  }));
  const single = pairs.map(({ messages, chosen, rejected }, at) =>
    at % 2 === 0 ? { messages, reply: chosen, good: true } : { messages, reply: rejected, good: false },
  );
  await writeJsonLines(votes, "test", [...pairs, ...single]);

  // Far enough from the base that it would show, were the base the reference.
  const config = await readModelConfig(base, "test");
  const lora = loraOf(SETTINGS);
  const random = createRandom("start");
  const weights = initLora(config, lora, 1).map((weight) => weight + 0.2 * (random() - 0.5));
  await writeAdapter(start, { config, lora, weights, baseName: "base" });
});

after(() => rm(home, { recursive: true, force: true }));

for (const method of ["dpo", "kto"] as const) {
  test(`${method}: ids and labels are ours, the adapter is the reference, and good replies are preferred`, async (t) => {
    const paths = { base, dialogues: join(home, "none"), out: join(home, method) };
    const settings = { ...SETTINGS, method, votes, adapter: start };
    const report = (await trainByLlamaFactory(place)(paths, settings, {}))!;
    const { heldOutLoss, preference } = report;
    t.diagnostic(`held-out loss ${JSON.stringify(heldOutLoss)}, margin ${preference!.margin}`);
    assert.equal(preference!.method, method);
    // Where nothing has been learnt, a reward is 0: DPO's loss is ln 2, KTO's a half.
    assert.ok(Math.abs(heldOutLoss!.start - (method === "dpo" ? Math.LN2 : 0.5)) < 1e-4);
    assert.ok(heldOutLoss!.best < heldOutLoss!.start - 0.01, "learnt");
    assert.ok(preference!.margin! > 0.05, `${preference!.margin}`);
    const lora = loraOf(SETTINGS);
    const config = await readModelConfig(base, "test");
    const [before, after] = [
      await readAdapter(start, config, lora),
      await readAdapter(join(paths.out, "adapter"), config, lora),
    ];
    assert.notDeepEqual(after, before);
    await merge({ base, adapter: join(paths.out, "adapter"), model: join(home, `${method}-model`) });
    const log = await readFile(join(paths.out, "logs/train.llamafactory.log"), "utf8");
    assert.ok(!log.includes("noodles"), "no chat text in the log");
  });
}
