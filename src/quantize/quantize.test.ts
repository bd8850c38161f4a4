import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { assertTensors, type GoldenTensors } from "../../test/converted.js";
import { TINY_MODELS } from "../../test/golden-models.js";
import { writeTinyModel } from "../../test/tiny-model.js";
import { createQuantizer } from "../engines/llama-cpp/quantizer.js";
import type { Quantizer } from "../engines/ports.js";
import { readJson } from "../files.js";
import { openGguf } from "../formats/gguf/read.js";
import { templateFor } from "../formats/template/chat-template.js";
import { loadTokenizer } from "../formats/tokenizer/tokenizer.js";
import { gguf } from "../gguf/gguf.js";
import type { Progress } from "../progress.js";
import { quantize } from "./quantize.js";
import { quantizeSettings } from "./settings.js";
import { storedTypes } from "./stored-types.js";

let folder: string;
let quantizer: Quantizer;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "quantize-"));
  await writeTinyModel(join(folder, "tiny"), { architecture: "qwen2", tied: false, seed: "quantize" });
  const template = templateFor(await loadTokenizer(join(folder, "tiny"), "test"), "test");
  await gguf({ model: join(folder, "tiny"), gguf: join(folder, "f16.gguf") }, { name: "tiny", template });
  quantizer = await createQuantizer();
});
after(() => rm(folder, { recursive: true }));

const paths = () => ({ model: join(folder, "f16.gguf"), base: join(folder, "f16.gguf"), out: folder });

test("writes both in Q4_K_M, further types where asked, and says what every tensor became", async () => {
  const progress: Progress[] = [];
  const settings = quantizeSettings.parse({ also: ["Q8_0"] });
  const { files } = await quantize(paths(), settings, quantizer, { onProgress: (now) => progress.push(now) });
  assert.deepEqual(
    files.map(({ file, type }) => [file, type]),
    [
      ["model-q4_k_m.gguf", "Q4_K_M"],
      ["base-q4_k_m.gguf", "Q4_K_M"],
      ["model-q8_0.gguf", "Q8_0"],
    ],
  );
  const [main, base, large] = files;
  assert.deepEqual(main!.counts, { Q4_K: 13, F32: 11, Q6_K: 3 });
  assert.equal(main!.fellBack.matrices, 0);
  assert.equal(main!.remark, undefined);
  assert.deepEqual(base!.counts, main!.counts);
  assert.deepEqual(large!.counts, { Q8_0: 16, F32: 11 });
  // Q8_0 stores 32 values of 8 bits and a scale of 16; the vectors add a little.
  assert.ok(large!.bitsPerWeight > 8.5 && large!.bitsPerWeight < 8.7, String(large!.bitsPerWeight));
  const report = (await readJson(join(folder, "quantize.json"), "test")) as {
    tensors: Record<string, Record<string, string>>;
  };
  assert.equal(report.tensors["model-q4_k_m.gguf"]!["output.weight"], "Q6_K");
  assert.equal(report.tensors["model-q8_0.gguf"]!["blk.0.attn_q.bias"], "F32");
  assert.deepEqual(progress.at(-1), { stage: "quantize", done: 3, total: 3, unit: "files" });
});

// Elsewhere compilers may contract a multiplication and an addition, which moves a rounding here and there.
const otherMachine = process.arch !== "x64" && "the golden was made on x86-64";
test("Q4_K_M has the bytes of llama.cpp's own llama-quantize", { skip: otherMachine }, async () => {
  const model = join(folder, "golden");
  await writeTinyModel(model, TINY_MODELS["qwen2"]!);
  const template = templateFor(await loadTokenizer(model, "test"), "test");
  await gguf({ model, gguf: join(folder, "golden.gguf") }, { name: "golden", template });
  await quantizer.quantize(join(folder, "golden.gguf"), join(folder, "golden-q4.gguf"), "Q4_K_M");
  const file = await openGguf(join(folder, "golden-q4.gguf"), "test");
  const golden = new URL("../../../test/golden/gguf/quantized-qwen2.json", import.meta.url);
  await assertTensors(file, (await readJson(fileURLToPath(golden), "test")) as GoldenTensors);
  await file.close();
});

test("writes nothing after an abort", async () => {
  const out = join(folder, "aborted");
  const signal = AbortSignal.abort(new Error("stop"));
  const settings = quantizeSettings.parse({});
  await assert.rejects(quantize({ ...paths(), out }, settings, quantizer, { signal }), /stop/);
  assert.ok(!(await readdir(folder)).includes("aborted"));
});

const tensor = (name: string, shape: number[], type: string, lengthBytes: number) => ({
  name,
  shape,
  type,
  lengthBytes,
  position: 0,
});

test("counts matrices whose rows do not fill a block of 256", () => {
  const tensors = [
    tensor("blk.0.attn_q.weight", [576, 576], "Q5_0", 228_096),
    tensor("blk.0.ffn_down.weight", [576, 1536], "Q6_K", 725_760),
    tensor("output_norm.weight", [576], "F32", 2304),
  ];
  assert.deepEqual(storedTypes(tensors, true), {
    bitsPerWeight: 6.28,
    counts: { Q5_0: 1, Q6_K: 1, F32: 1 },
    fellBack: { matrices: 1, of: 2, rowLengths: [576] },
    tensors: {
      "blk.0.attn_q.weight": "Q5_0",
      "blk.0.ffn_down.weight": "Q6_K",
      "output_norm.weight": "F32",
    },
  });
  assert.equal(storedTypes(tensors, false).fellBack.matrices, 0);
});
