import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { mergeByLlamaFactory } from "../src/engines/llama-factory/export.js";
import { trainByLlamaFactory } from "../src/engines/llama-factory/train.js";
import { createTrainer } from "../src/engines/onnxruntime/trainer.js";
import { readModelConfig } from "../src/formats/model-config.js";
import { openAdapter } from "../src/formats/peft/open-adapter.js";
import { elementCount } from "../src/formats/plain.js";
import { openModelTensors } from "../src/formats/safetensors/read.js";
import { ggufAdapter } from "../src/gguf/gguf-adapter.js";
import { merge } from "../src/merge/merge.js";
import { writeAdapter } from "../src/train/adapter-files.js";
import { trainStageSettings } from "../src/train/engine-settings.js";
import { heldOutLosses } from "../src/train/held-out-losses.js";
import { initLora } from "../src/train/lora.js";
import { loraOf } from "../src/train/settings.js";
import { factoryForTests, inventDialogues, writeDialogues } from "./factory.js";
import { writeTinyModel } from "./tiny-model.js";

test("DoRA begins as the base, learns, and our merge is LLaMA-Factory's export", async (t) => {
  const home = await mkdtemp(join(tmpdir(), "kouwen-dora-"));
  try {
    const place = await factoryForTests();
    const [base, out] = [join(home, "base"), join(home, "out")];
    await writeTinyModel(base, { architecture: "llama", tied: true, seed: "factory", type: "F32" });
    const dialogues = await writeDialogues(join(home, "dialogues.jsonl"), inventDialogues(64, 2, "factory"));
    const common = { engine: "llamafactory", rank: 4, alpha: 8, learningRate: 0.005, epochs: 1 } as const;
    const settings = trainStageSettings.parse({ ...common, dora: true, warmupRatio: 0, processes: 1 });
    const report = (await trainByLlamaFactory(place)({ base, dialogues, out }, settings, {}))!;
    t.diagnostic(JSON.stringify(report.heldOutLoss));
    assert.ok(report.heldOutLoss!.last < report.heldOutLoss!.start - 0.3, "learnt");

    // PEFT gives the adapter that we hand over the lengths of the base's rows: it begins where our own model does.
    const model = await readModelConfig(base, "test");
    const lora = loraOf(settings);
    const plain = join(home, "plain");
    await writeAdapter(plain, { config: model, lora, weights: initLora(model, lora, 0), baseName: "base" });
    const exact = { ...settings, precision: "exact" } as const;
    const losses = await heldOutLosses({ base, dialogues, adapter: plain }, exact, createTrainer());
    const means = [...losses.values()].map(({ loss, weight }) => loss / weight);
    const begun = means.reduce((sum, mean) => sum + mean, 0) / means.length;
    assert.ok(Math.abs(report.heldOutLoss!.start - begun) < 1e-3, `${report.heldOutLoss!.start}, ${begun}`);

    const adapter = join(out, "adapter");
    const { config, source } = await openAdapter(adapter, "test");
    const numbers = [...source.tensors.values()].reduce((sum, { shape }) => sum + elementCount(shape), 0);
    await source.close();
    assert.equal(config.dora, true);
    assert.equal(report.parameters, numbers);
    await merge({ base, adapter, model: join(home, "merged") });
    await mergeByLlamaFactory(place)({ base, adapter, model: join(home, "exported") }, {});
    const [ours, theirs, before] = [
      await openModelTensors(join(home, "merged"), "test"),
      await openModelTensors(join(home, "exported"), "test"),
      await openModelTensors(base, "test"),
    ];
    let changed = 0;
    for (const name of ours.tensors.keys()) {
      const [a, b, c] = [
        await ours.readFloat32(name),
        await theirs.readFloat32(name),
        await before.readFloat32(name),
      ];
      assert.ok(
        a.every((value, at) => Math.abs(value - b[at]!) <= 1e-6),
        name,
      );
      changed += Number(a.some((value, at) => Math.abs(value - c[at]!) > 1e-4));
    }
    assert.equal(changed, 14);
    await Promise.all([ours.close(), theirs.close(), before.close()]);
    await assert.rejects(ggufAdapter({ base, adapter, gguf: join(home, "adapter.gguf") }, "tiny"), {
      message:
        "gguf adapter_config.json: llama.cpp's adapters do not know DoRA. Use the merged model instead.",
    });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
