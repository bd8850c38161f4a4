import assert from "node:assert/strict";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { writeTinyModel } from "../../test/tiny-model.js";
import type { Dialogue } from "../dialogue/dialogue.js";
import { createTrainer } from "../engines/onnxruntime/trainer.js";
import { LimitExceeded, MalformedInput, Unavailable, Unsupported } from "../errors.js";
import { writeJsonLines } from "../files.js";
import { openSafetensors } from "../formats/safetensors/read.js";
import type { LogLine } from "./checkpoint.js";
import type { TrainReport } from "./report.js";
import { trainSettings } from "./settings.js";
import { train } from "./train.js";

let folder: string;
let base: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "kouwen-train-"));
  base = join(folder, "base");
  await writeTinyModel(base, { architecture: "qwen2", tied: true, seed: "train" });
});
after(() => rm(folder, { recursive: true, force: true }));

/** Whoever asks gets one of three answers, which the question decides. */
const ANSWERS = ["nothing much", "okay see you", "haha no worries"];

async function project(
  name: string,
  dialogues = 40,
  heldOut = true,
  weight = 1,
): Promise<{ base: string; dialogues: string; out: string }> {
  const out = join(folder, name);
  const path = join(out, "dialogues.jsonl");
  await writeJsonLines(
    path,
    "test",
    Array.from({ length: dialogues }, (_, at): Dialogue => {
      const topic = at % 3;
      return {
        id: String(at),
        contact: "June",
        time: at,
        split: heldOut && at % 10 === 9 ? "heldout" : "train",
        system: null,
        turns: [0, 1].flatMap(() => [
          { role: "user", text: `question ${topic}`, origin: "real", weight: 0 },
          { role: "assistant", text: ANSWERS[topic]!, origin: "real", weight },
        ]),
      };
    }),
  );
  return { base, dialogues: path, out };
}

const settings = trainSettings.parse({
  rank: 4,
  alpha: 8,
  epochs: 2,
  batchReplies: 8,
  learningRate: 3e-3,
  checkpointSteps: 3,
});

const adapterOf = (out: string) => readFile(join(out, "adapter", "adapter_model.safetensors"));
const logOf = async (out: string) =>
  (await readFile(join(out, "train-log.jsonl"), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as LogLine);

const timeless = (lines: LogLine[]) => lines.map((line) => ({ ...line, tokensPerSecond: 0 }));

/** A run that is aborted once this many steps are done. */
function stopAfter(steps: number) {
  const controller = new AbortController();
  const reason = new Error("stopped by the test");
  const onProgress = ({ done, unit }: { done: number; unit: string }) => {
    if (unit === "steps" && done >= steps) controller.abort(reason);
  };
  return { run: { signal: controller.signal, onProgress }, reason };
}

describe("training a tiny model", () => {
  test("learns what replies to give, and writes what it promises", async () => {
    const paths = await project("whole");
    const report = await train(paths, settings, createTrainer());
    // Three answers, which the question decides: a model that knows this needs far under a nat a token.
    assert.ok(report.heldOutLoss!.start > 5, `${report.heldOutLoss!.start}`);
    assert.ok(report.heldOutLoss!.best < 1, `${report.heldOutLoss!.best}`);
    assert.deepEqual(report.data.train.replies, 72);
    assert.equal(report.warnings.length, 1);
    assert.deepEqual((await readdir(paths.out)).sort(), [
      "adapter",
      "checkpoints",
      "dialogues.jsonl",
      "train-log.jsonl",
      "train.json",
    ]);

    const lines = await logOf(paths.out);
    const steps = lines.flatMap((line) => ("loss" in line ? [line.step] : []));
    assert.deepEqual(
      steps,
      Array.from({ length: report.steps.done }, (_, at) => at + 1),
    );
    const measured = lines.flatMap((line) => ("heldOutLoss" in line ? [line.step] : []));
    assert.equal(measured[0], 0);
    assert.equal(measured.length, 9);

    const config = JSON.parse(
      await readFile(join(paths.out, "adapter", "adapter_config.json"), "utf8"),
    ) as object;
    assert.deepEqual(
      { ...config, target_modules: [] },
      { ...config, peft_type: "LORA", r: 4, lora_alpha: 8, target_modules: [] },
    );
    const adapter = await openSafetensors([join(paths.out, "adapter", "adapter_model.safetensors")], "test");
    assert.equal(adapter.tensors.size, 2 * 7 * 2);
    const q = adapter.tensors.get("base_model.model.model.layers.1.self_attn.q_proj.lora_A.weight");
    assert.deepEqual(q?.shape, [4, 256]);
    assert.deepEqual(
      adapter.tensors.get("base_model.model.model.layers.0.mlp.down_proj.lora_B.weight")?.shape,
      [256, 4],
    );
    await adapter.close();
  });

  test("stopped twice and resumed, it ends with the same bytes", async () => {
    const undisturbed = await project("undisturbed");
    await train(undisturbed, settings, createTrainer());
    const paths = await project("disturbed");
    for (const steps of [2, 5]) {
      const { run, reason } = stopAfter(steps);
      await assert.rejects(train(paths, settings, createTrainer(), run), reason);
      assert.equal((await logOf(paths.out)).findLast((line) => "loss" in line)?.step, steps);
    }
    await train(paths, settings, createTrainer());
    assert.deepEqual(await adapterOf(paths.out), await adapterOf(undisturbed.out));
    assert.deepEqual(timeless(await logOf(paths.out)), timeless(await logOf(undisturbed.out)));
  });

  test("a checkpoint whose settings or dialogues differ is refused, with the difference", async () => {
    const paths = await project("changed");
    await assert.rejects(train(paths, settings, createTrainer(), stopAfter(2).run));
    await assert.rejects(train(paths, { ...settings, rank: 8 }, createTrainer()), (error) => {
      assert.ok(error instanceof Unsupported);
      assert.match(
        error.message,
        /^train checkpoints: rank was changed from 4 to 8 since training stopped\. .*--fresh\.$/,
      );
      return true;
    });
    const other = await project("changed-dialogues", 50);
    await cp(other.dialogues, paths.dialogues);
    await assert.rejects(train(paths, settings, createTrainer()), /the dialogues have changed/);
  });

  test("a finished training whose adapter is gone takes no step to write it again; another one starts anew", async () => {
    const paths = await project("again");
    const whole = await train(paths, settings, createTrainer());
    const adapter = await adapterOf(paths.out);
    await rm(join(paths.out, "adapter"), { recursive: true });
    const again = await train(paths, settings, createTrainer());
    assert.deepEqual(await adapterOf(paths.out), adapter);
    assert.equal(again.trainingSeconds, 0);
    assert.ok(again.tokensPerSecond > 0);
    assert.deepEqual(again.heldOutLoss, whole.heldOutLoss);
    const report = await train(paths, { ...settings, rank: 2 }, createTrainer());
    assert.equal(report.settings.rank, 2);
  });

  test("without held-out dialogues the last step counts", async () => {
    const paths = await project("no-held-out", 40, false);
    const report = await train(paths, { ...settings, epochs: 1 }, createTrainer());
    assert.equal(report.heldOutLoss, null);
    assert.equal(report.steps.best, report.steps.planned);
    assert.match(report.warnings.at(-1)!, /^No reply is held out/);
  });

  test("some targets only: the others get no matrices", async () => {
    const paths = await project("subset");
    await train(paths, { ...settings, epochs: 1, targets: ["q_proj", "v_proj", "up_proj"] }, createTrainer());
    const adapter = await openSafetensors([join(paths.out, "adapter", "adapter_model.safetensors")], "test");
    const targets = new Set([...adapter.tensors.keys()].map((name) => /(\w+)\.lora_/.exec(name)![1]));
    assert.deepEqual(targets, new Set(["q_proj", "v_proj", "up_proj"]));
    await adapter.close();
  });

  test("dropout and NEFTune: resumed with the same draws, and held-out losses see none of them", async () => {
    const noisy = { ...settings, dropout: 0.2, neftuneAlpha: 5 };
    const undisturbed = await project("noisy");
    const report = await train(undisturbed, noisy, createTrainer());
    const disturbed = await project("noisy-stopped");
    await assert.rejects(train(disturbed, noisy, createTrainer(), stopAfter(4).run));
    await train(disturbed, noisy, createTrainer());
    assert.deepEqual(await adapterOf(disturbed.out), await adapterOf(undisturbed.out));
    const plain = await project("not-noisy");
    const still = await train(plain, { ...settings, epochs: 1 }, createTrainer());
    assert.equal(report.heldOutLoss!.start, still.heldOutLoss!.start);
    assert.notEqual(report.loss.first, still.loss.first);
    assert.ok(report.heldOutLoss!.best < 2, `${report.heldOutLoss!.best}`);
  });

  test("only the proportion of weights counts: with all of them doubled the adapter is the same", async () => {
    const [one, two] = [await project("weight-1"), await project("weight-2", 40, true, 2)];
    for (const paths of [one, two]) await train(paths, { ...settings, epochs: 1 }, createTrainer());
    assert.deepEqual(await adapterOf(two.out), await adapterOf(one.out));
    assert.deepEqual(timeless(await logOf(two.out)), timeless(await logOf(one.out)));
  });

  test("an impossible weight is refused with its line", async () => {
    for (const weight of [-1, 1e-9, 1e39]) {
      const paths = await project("bad-weight", 40, true, weight);
      await assert.rejects(train(paths, settings, createTrainer()), (error) => {
        assert.ok(error instanceof MalformedInput);
        assert.match(
          error.message,
          /^train dialogues\.jsonl:1: a turn's weight is .* \(0, or 0\.001 to 1000\)\. /,
        );
        return true;
      });
    }
  });

  test("goes on from an adapter, with a new optimizer, and resumes to the same bytes", async () => {
    const before = await project("first-half");
    await train(before, { ...settings, epochs: 1 }, createTrainer());
    const more = { ...settings, adapter: join(before.out, "adapter"), learningRate: 1e-3 };
    const undisturbed = await project("second-half");
    const { heldOutLoss: first } = JSON.parse(
      await readFile(join(before.out, "train.json"), "utf8"),
    ) as TrainReport;
    const report = await train(undisturbed, more, createTrainer());
    assert.equal(report.heldOutLoss!.start, first!.best, "it starts where the adapter ended");
    assert.ok(report.heldOutLoss!.best < first!.best);
    assert.equal(report.settings.adapter, "adapter", "the report names no folder");
    const disturbed = await project("second-half-stopped");
    await assert.rejects(train(disturbed, more, createTrainer(), stopAfter(2).run));
    await assert.rejects(
      train(disturbed, { ...more, adapter: "" }, createTrainer()),
      /adapter to start from/,
    );
    await train(disturbed, more, createTrainer());
    assert.deepEqual(await adapterOf(disturbed.out), await adapterOf(undisturbed.out));
  });

  test("an adapter of another shape is refused, and so is the folder that is written", async () => {
    const paths = await project("shape");
    await train(paths, { ...settings, epochs: 1 }, createTrainer());
    const adapter = join(folder, "copied-adapter");
    await cp(join(paths.out, "adapter"), adapter, { recursive: true });
    const refused: [Partial<typeof settings>, RegExp][] = [
      [{ rank: 8 }, /^train adapter_config\.json: its rank is 4, not 8\. Set --rank 4, or /],
      [{ alpha: 9 }, /its alpha is 8, not 9\. Set --alpha 8/],
      [{ rslora: true }, /its scale is not rank-stabilized\. Set --no-rslora/],
      [{ targets: ["q_proj"] }, /its targets are down_proj,.*,v_proj, not q_proj\. Set --targets /],
    ];
    for (const [change, message] of refused) {
      await assert.rejects(train(paths, { ...settings, ...change, adapter }, createTrainer()), (error) => {
        assert.ok(error instanceof Unsupported);
        assert.match(error.message, message);
        return true;
      });
    }
    const own = join(paths.out, "adapter");
    await assert.rejects(train(paths, { ...settings, adapter: own }, createTrainer()), /be written over/);
    const gone = join(folder, "nowhere");
    await assert.rejects(train(paths, { ...settings, adapter: gone }, createTrainer()), Unavailable);
    const otherBase = join(folder, "one-layer");
    await writeTinyModel(otherBase, { architecture: "qwen2", tied: true, seed: "train", layers: 1 });
    await assert.rejects(
      train({ ...paths, base: otherBase }, { ...settings, adapter }, createTrainer()),
      /"model\.layers\.1\..*" is not in the base model/,
    );
  });

  test("hopeless data are refused before the model is read", async () => {
    const paths = await project("few", 20);
    await assert.rejects(train(paths, settings, createTrainer()), (error) => {
      assert.ok(error instanceof LimitExceeded);
      assert.match(error.message, /^train dialogues\.jsonl: 36 replies to learn from \(at least 50\)\. /);
      return true;
    });
  });

  test("too little memory is refused with what is needed and what is there", async () => {
    const paths = await project("memory");
    await assert.rejects(train(paths, { ...settings, memoryGib: 0.05 }, createTrainer()), (error) => {
      assert.ok(error instanceof LimitExceeded);
      assert.match(error.message, /^train memory: needs 0\.\d GiB \(0\.1 GiB available\)\. /);
      return true;
    });
  });

  test("the event loop stays alive while the model is at work", async () => {
    const paths = await project("alive");
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 5);
    await train(paths, { ...settings, epochs: 1 }, createTrainer());
    clearInterval(timer);
    assert.ok(ticks > 20, `${ticks}`);
  });
});
