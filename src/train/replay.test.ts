import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { writeTinyModel } from "../../test/tiny-model.js";
import type { Dialogue } from "../dialogue/dialogue.js";
import type { Generated, ModelHost, Sampling } from "../engines/ports.js";
import { Unavailable } from "../errors.js";
import { writeJsonLines } from "../files.js";
import { loadTokenizer } from "../formats/tokenizer/tokenizer.js";
import { readSamples } from "./read-samples.js";
import { REPLAY_PROMPTS } from "./replay-prompts.js";
import { readReplay, writeReplay } from "./replay.js";
import { trainSettings } from "./settings.js";

const DIALOGUES = 30;
const settings = trainSettings.parse({ replayShare: 0.25 });
/** A quarter of all samples. */
const COUNT = 10;

let folder: string;
let paths: { base: string; dialogues: string; out: string };
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "kouwen-replay-"));
  paths = { base: join(folder, "base"), dialogues: join(folder, "dialogues.jsonl"), out: folder };
  await writeTinyModel(paths.base, { architecture: "qwen2", tied: true, seed: 1, layers: 1 });
  const dialogues = Array.from({ length: DIALOGUES }, (_, at): Dialogue => ({
    id: String(at),
    contact: "June",
    time: at,
    split: "train",
    system: null,
    turns: [
      { role: "user", text: "where are you", origin: "real", weight: 0 },
      { role: "assistant", text: "home", origin: "real", weight: 1 },
    ],
  }));
  await writeJsonLines(paths.dialogues, "test", dialogues);
  const chinese = dialogues.map(({ turns: [question, reply], ...rest }) => ({
    ...rest,
    turns: [
      { ...question!, text: "你到家了吗" },
      { ...reply!, text: "到了" },
    ],
  }));
  await writeJsonLines(join(folder, "chinese.jsonl"), "test", chinese);
});
after(() => rm(folder, { recursive: true, force: true }));

type Asked = { prompt: readonly number[]; sampling: Sampling };

/** A host whose model answers with its seed's last digits, and a record of what it was asked. */
function fakeAnswerer(answer: (seed: number) => Generated) {
  const asked: Asked[] = [];
  let loads = 0;
  const host: ModelHost = {
    gpu: null,
    load: async (path) => {
      assert.equal(path, "base.gguf");
      loads += 1;
      return {
        generate: async (prompt, _stopIds, sampling, run) => {
          assert.equal(run?.signal?.aborted ?? false, false);
          asked.push({ prompt, sampling });
          return answer(sampling.seed);
        },
        score: () => assert.fail(),
        tokenize: () => assert.fail(),
        close: async () => {},
      };
    },
    close: async () => {},
  };
  const answerer = { gguf: async () => "base.gguf", host: async () => host };
  return { answerer, asked, loads: () => loads };
}

const samplesOf = async () => (await readSamples(paths, settings.maxTokens)).training.samples;
const lastDigits = (seed: number): Generated => ({ ids: [seed % 300, seed % 200], ended: "end" });
const fresh = () => rm(join(folder, "replay.jsonl"), { force: true });

describe("replay of the base's own answers", () => {
  test("as many as their share, are samples whose answers alone carry loss", async () => {
    await fresh();
    const { answerer, asked } = fakeAnswerer(lastDigits);
    await writeReplay(paths, settings, answerer);
    const tokenizer = await loadTokenizer(paths.base, "test");
    const samples = await readReplay(paths, await samplesOf(), settings);
    assert.equal(samples.length, COUNT);
    samples.forEach(({ ids, weights, replies }, index) => {
      const { prompt, sampling } = asked[index]!;
      const { temperature, topP, repeatPenalty } = sampling;
      assert.deepEqual([temperature, topP, repeatPenalty], [0.8, 0.9, 1]);
      assert.ok(tokenizer.decode(prompt).includes(REPLAY_PROMPTS.en[index]!));
      const end = tokenizer.specialId("<|im_end|>");
      assert.deepEqual([...ids], [...prompt, ...lastDigits(sampling.seed).ids, end]);
      assert.deepEqual(
        [...weights],
        ids.length - 3 === prompt.length ? [...prompt.map(() => 0), 1, 1, 1] : [],
      );
      assert.equal(replies, 1);
    });
  });

  test("chats in Chinese are met with questions in Chinese", async () => {
    await fresh();
    const { answerer, asked } = fakeAnswerer(lastDigits);
    await writeReplay({ ...paths, dialogues: join(folder, "chinese.jsonl") }, settings, answerer);
    const tokenizer = await loadTokenizer(paths.base, "test");
    assert.ok(tokenizer.decode([...asked[0]!.prompt]).includes(REPLAY_PROMPTS.zh[0]!));
  });

  test("an answer that was cut off ends without an end token; an empty one is left out", async () => {
    await fresh();
    let count = 0;
    const { answerer, asked } = fakeAnswerer(() =>
      (count += 1) === 1 ? { ids: [], ended: "end" } : { ids: [7, 8], ended: "length" },
    );
    await writeReplay(paths, settings, answerer);
    const samples = await readReplay(paths, await samplesOf(), settings);
    assert.equal(samples.length, COUNT - 1);
    assert.deepEqual([...samples[0]!.ids], [...asked[1]!.prompt, 7, 8]);
  });

  test("stopped, it goes on where it was; done, it asks nothing; with another seed, it starts over", async () => {
    await fresh();
    const controller = new AbortController();
    const reason = new Error("stopped by the test");
    let count = 0;
    const stopped = fakeAnswerer((seed) => {
      if ((count += 1) === 8) controller.abort(reason);
      return lastDigits(seed);
    });
    await assert.rejects(
      writeReplay(paths, settings, stopped.answerer, { signal: controller.signal }),
      reason,
    );
    await assert.rejects(readReplay(paths, await samplesOf(), settings), (error) => {
      assert.ok(error instanceof Unavailable);
      assert.match(
        error.message,
        /^train replay\.jsonl: 4 answers of the base are there \(10 are needed\)\. /,
      );
      return true;
    });
    const resumed = fakeAnswerer(lastDigits);
    await writeReplay(paths, settings, resumed.answerer);
    assert.equal(resumed.asked.length, COUNT - 4);
    const idle = fakeAnswerer(lastDigits);
    await writeReplay(paths, settings, idle.answerer);
    assert.equal(idle.loads(), 0);
    await writeReplay(paths, { ...settings, seed: 1 }, idle.answerer);
    assert.equal(idle.asked.length, COUNT);
    await assert.rejects(readReplay(paths, await samplesOf(), settings), /0 answers of the base/);
  });

  test("off, it neither asks nor reads", async () => {
    await writeFile(join(folder, "replay.jsonl"), "not JSON");
    const off = { ...settings, replayShare: 0 };
    const { answerer, loads } = fakeAnswerer(lastDigits);
    await writeReplay(paths, off, answerer);
    assert.equal(loads(), 0);
    assert.deepEqual(await readReplay(paths, await samplesOf(), off), []);
  });
});
