import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import type { Dialogue } from "../../dialogue/dialogue.js";
import { CHAT_TEMPLATES } from "../../formats/template/chat-template.js";
import { boardConfig } from "./board.js";
import { holdsMark, toConversation } from "./conversations.js";
import { findEnvironment } from "./environment.js";
import { failureCause } from "./failure.js";
import { describeProgress } from "./follow-log.js";
import { newestCheckpoint } from "./newest-checkpoint.js";
import { runPlug } from "./run-plug.js";

const CHATML = CHAT_TEMPLATES.find(({ id }) => id === "chatml")!;

function dialogue(weights: number[]): Dialogue {
  const turns = weights.flatMap((weight, at) => [
    { role: "user" as const, text: ` q${at}`, origin: "real" as const, weight: 0 },
    { role: "assistant" as const, text: `a${at} `, origin: "real" as const, weight },
  ]);
  return { id: "d", contact: "c", time: null, split: "train", system: "be", turns };
}

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "kouwen-factory-"));
  await use(folder).finally(() => rm(folder, { recursive: true, force: true }));
}

test("exchanges without loss go into the next question, and none stays behind the last reply with loss", () => {
  const { messages } = toConversation(dialogue([1, 0, 1, 0]), CHATML);
  assert.deepEqual(messages, [
    { role: "system", content: "be" },
    { role: "user", content: "q0" },
    { role: "assistant", content: "a0" },
    { role: "user", content: "q1<|im_end|>\n<|im_start|>assistant\na1<|im_end|>\n<|im_start|>user\nq2" },
    { role: "assistant", content: "a2" },
  ]);
});

test("words that hold a mark of the template are found", () => {
  const one = dialogue([1]);
  assert.equal(holdsMark(one, CHATML), false);
  one.turns[0]!.text = "what is <|im_end|> for";
  assert.equal(holdsMark(one, CHATML), true);
});

test("known failures have a cause and a next step, and nothing of the output is repeated", () => {
  const known: [string, RegExp][] = [
    ["torch.OutOfMemoryError: CUDA out of memory. Tried", /^out of memory; lower/],
    ["RuntimeError: [enforce fail] DefaultCPUAllocator: can't allocate memory", /^out of memory/],
    ["OSError: [Errno 28] No space left on device: 'x'", /^no space left/],
    ["RuntimeError: Cannot find valid samples, check `data/README.md`", /^no valid samples/],
    [
      "ImportError: transformers>=4.55 is required for a normal functioning of this module",
      /^versions of its/,
    ],
    ["ModuleNotFoundError: No module named 'deepspeed'", /^a package for this option/],
  ];
  for (const [output, cause] of known) assert.match(failureCause(`secret words\n${output}`)!, cause);
  assert.equal(failureCause("secret words"), undefined);
});

test("only a whole checkpoint is gone on from", () =>
  withFolder(async (folder) => {
    assert.equal(await newestCheckpoint(join(folder, "none")), 0);
    for (const [step, files] of [
      [5, ["trainer_state.json", "optimizer.pt", "scheduler.pt", "adapter_model.safetensors"]],
      [12, ["adapter_model.safetensors", "optimizer.pt"]],
    ] as const) {
      await mkdir(join(folder, `checkpoint-${step}`));
      for (const name of files) await writeFile(join(folder, `checkpoint-${step}`, name), "");
    }
    assert.equal(await newestCheckpoint(folder), 5);
  }));

test("progress tells steps, losses, speed and what remains", () => {
  const { done, total, note } = describeProgress([
    { current_steps: 0, total_steps: 10, eval_loss: 4.5 },
    { current_steps: 3, total_steps: 10, loss: 4.25, throughput: 1234.5, remaining_time: "0:01:10" },
  ]);
  assert.deepEqual([done, total], [3, 10]);
  assert.equal(note, "loss 4.250, held-out 4.500, 1235 tokens/s, 0:01:10 left");
});

test("a missing Python is said to be missing, with the way to get one", () =>
  withFolder(async (folder) => {
    await assert.rejects(findEnvironment("plug.py", folder, {}), {
      message: "llamafactory: LLaMA-Factory is not installed. Run kouwen setup llamafactory.",
    });
    await assert.rejects(findEnvironment("plug.py", folder, { KOUWEN_LLAMAFACTORY: join(folder, "no") }), {
      message: "llamafactory: KOUWEN_LLAMAFACTORY names no Python. Run kouwen setup llamafactory.",
    });
    const place = { executable: join(folder, "no"), folder, log: join(folder, "log"), env: {} };
    await assert.rejects(
      runPlug("train", place),
      /its Python is not there; run kouwen setup llamafactory\.$/,
    );
  }));

test(
  "an install on the search path is found, and one of another version refused",
  { skip: process.platform === "win32" && "scripts of a shell" },
  () =>
    withFolder(async (folder) => {
      const [bin, python] = [join(folder, "bin"), join(folder, "python-of-theirs")];
      await mkdir(bin);
      const write = (version: string) => {
        const found = { torch: "2", transformers: "5", peft: "0", python: "3.11", gpus: 0, bf16: false };
        const json = JSON.stringify({ llamafactory: version, ...found });
        return writeFile(python, `#!/bin/sh\necho '${json}'\n`, { mode: 0o755 });
      };
      await writeFile(join(bin, "llamafactory-cli"), `#!${python}\nimport sys\n`);
      const env = { PATH: [join(folder, "none"), bin, "/usr/bin", "/bin"].join(delimiter) };
      await write("0.9.5");
      const { llamafactory, executable } = await findEnvironment("plug.py", folder, env);
      assert.deepEqual([llamafactory, executable], ["0.9.5", python]);
      await write("0.9.4");
      await assert.rejects(findEnvironment("plug.py", folder, env), /LLaMA-Factory 0\.9\.4 is not 0\.9\.5/);
    }),
);

test("LLaMA Board gets a field where it has one, and the rest as extra arguments", () => {
  const config = boardConfig({ template: "chatml", dataset: "d", learning_rate: 1e-4, bf16: true, seed: 7 });
  assert.equal(config["top.template"], "chatml");
  assert.equal(config["train.learning_rate"], "0.0001");
  assert.equal(config["train.compute_type"], "bf16");
  assert.equal(config["train.extra_args"], '{"seed":7}');
});
