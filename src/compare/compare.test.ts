import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { writeTinyModel } from "../../test/tiny-model.js";
import { createHost } from "../engines/llama-cpp/host.js";
import { createQuantizer } from "../engines/llama-cpp/quantizer.js";
import type { ModelHost } from "../engines/ports.js";
import { readJson, writeJsonLines } from "../files.js";
import { templateFor } from "../formats/template/chat-template.js";
import { loadTokenizer } from "../formats/tokenizer/tokenizer.js";
import { gguf } from "../gguf/gguf.js";
import { compare, type CompareInputs } from "./compare.js";
import { heldOutDialogue } from "../../test/fake-host.js";
import { compareSettings } from "./settings.js";

const settings = compareSettings.parse({ prompts: 10, maxTokens: 16, sequences: 3, contextTurns: 3 });

let folder: string;
let host: ModelHost;
let inputs: CompareInputs;
const read = (name: string): Promise<string> => readFile(join(folder, name), "utf8");

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "kouwen-"));
  host = await createHost();
  const model = join(folder, "model");
  const base = join(folder, "base.gguf");
  const baseQ4 = join(folder, "base-q4.gguf");
  await writeTinyModel(model, { architecture: "qwen2", tied: true, seed: 1 });
  const template = templateFor(await loadTokenizer(model, "test"), "test");
  await gguf({ model, gguf: base }, { name: "tiny", template });
  await (await createQuantizer()).quantize(base, baseQ4, "Q4_K_M");
  const dialogues = join(folder, "dialogues.jsonl");
  const chats = Array.from({ length: 6 }, (_, index) =>
    heldOutDialogue(`d${index}`, "June", ["好的 ok", "see you there haha", `在吗 ${index}`]),
  );
  await writeJsonLines(dialogues, "compare", chats);
  // A model compared with itself: whatever the engine does, nothing may show.
  inputs = { systems: { base, baseQ4, f16: base, q4: baseQ4 }, model, dialogues, out: folder };
});
after(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});

test("on the real engine, a model compared with itself shows no effect, and rounding it shows a small one", async () => {
  const comparison = await compare(inputs, settings, host);
  const { systems, effects } = comparison;
  const { value, interval } = effects.tuning.nllChange;
  // Replies side by side share a batch, which moves the last bits of float32 sums.
  assert.ok(Math.abs(value) < 1e-4 && interval!.every((end) => Math.abs(end) < 1e-3), String(value));
  assert.ok(effects.rounding.nllChange.value !== 0 && Math.abs(effects.rounding.nllChange.value) < 0.1);
  assert.equal(systems.base.hash, systems.f16.hash);
  assert.notEqual(systems.f16.hash, systems.q4.hash);
  assert.ok(systems.q4.sizeBytes! < systems.f16.sizeBytes!);
  // Random weights know nothing: every one of 416 tokens is about as likely.
  assert.ok(systems.base.nllPerChar! > 1 && systems.base.nllPerChar! < 50, String(systems.base.nllPerChar));
  assert.equal(systems.real.medianReplyChars, 5);

  assert.deepEqual(await readJson(join(folder, "compare.json"), "test"), comparison);
  assert.match(await read("compare.html"), /^<!doctype html>/);
});

test("done again, it reads its own replies and writes the same bytes", async () => {
  const before = [await read("compare.json"), await read("compare.html")];
  const noHost: ModelHost = {
    gpu: null,
    load: () => Promise.reject(new Error("nothing is left to compute")),
    close: async () => {},
  };
  await compare(inputs, settings, noHost);
  assert.deepEqual([await read("compare.json"), await read("compare.html")], before);
});

test("a missing file is named", async () => {
  const systems = { ...inputs.systems, q4: join(folder, "gone.gguf") };
  await assert.rejects(
    compare({ ...inputs, systems }, settings, host),
    /^Unavailable: compare gone\.gguf: .*q4/,
  );
  const dialogues = join(folder, "gone.jsonl");
  await assert.rejects(
    compare({ ...inputs, dialogues }, settings, host),
    /^Unavailable: compare gone\.jsonl: /,
  );
});
