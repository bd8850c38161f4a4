import assert from "node:assert/strict";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { LimitExceeded, MalformedInput, Unsupported } from "../errors.js";
import { float32ToFloat16 } from "../formats/half.js";
import { readModelConfig } from "../formats/model-config.js";
import { fromFloat32 } from "../formats/plain.js";
import { openModelTensors, openSafetensors } from "../formats/safetensors/read.js";
import { writeSafetensors } from "../formats/safetensors/write.js";
import type { Progress } from "../progress.js";
import { createRandom, normal } from "../random.js";
import { writeTinyModel } from "../../test/tiny-model.js";
import { addLowRank } from "./add-low-rank.js";
import { merge } from "./merge.js";
import { setRowLengths } from "./row-lengths.js";

const GOLDEN = fileURLToPath(new URL("../../../test/golden/merge/", import.meta.url));
/** The rows that test/golden/merge/make-merged.py keeps of every merged matrix. */
const ROWS = [0, 5, 100];

let folder: string;
const base = (name: string) => join(folder, name);
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "merge-"));
  const common = { seed: "golden", layers: 1 };
  await writeTinyModel(base("llama"), { ...common, architecture: "llama", tied: true, type: "F32" });
  await writeTinyModel(base("qwen2"), { ...common, architecture: "qwen2", tied: false, type: "F16" });
  await writeTinyModel(base("dora"), { ...common, architecture: "llama", tied: false, type: "F32" });
  await writeTinyModel(base("qwen3"), { ...common, architecture: "qwen3", tied: true, type: "F32" });
});
after(() => rm(folder, { recursive: true }));

/** Merges a golden adapter and hands over the rows that the golden file has, ours and PEFT's, with the type. */
async function* mergedRows(name: string) {
  const model = join(folder, `merged-${name}`);
  await merge({ base: base(name), adapter: join(GOLDEN, name), model });
  const ours = await openModelTensors(model, "test");
  const golden = await openSafetensors([join(GOLDEN, name, "merged-rows.safetensors")], "test");
  for (const tensor of golden.tensors.keys()) {
    const expected = await golden.readFloat32(tensor);
    const columns = expected.length / ROWS.length;
    const whole = await ours.readFloat32(tensor);
    for (const [index, row] of ROWS.entries()) {
      const begin = row * columns;
      yield {
        tensor,
        type: ours.tensors.get(tensor)!.type,
        ours: whole.slice(begin, begin + columns),
        expected: expected.slice(index * columns, (index + 1) * columns),
      };
    }
  }
  await golden.close();
  await ours.close();
}

for (const [name, targets] of Object.entries({ llama: 7, qwen3: 4, dora: 7 })) {
  test(`a float32 merge of ${name} agrees with PEFT within 1e-6`, async () => {
    let rows = 0;
    for await (const { tensor, type, ours, expected } of mergedRows(name)) {
      assert.equal(type, "F32");
      for (const [at, value] of ours.entries())
        assert.ok(Math.abs(value - expected[at]!) <= 1e-6, `${tensor} ${at}`);
      rows += 1;
    }
    assert.equal(rows, targets * ROWS.length);
  });
}

test("a float16 merge with rank-stabilized scale agrees with PEFT within the last bit", async () => {
  let same = 0;
  let all = 0;
  for await (const { tensor, type, ours, expected } of mergedRows("qwen2")) {
    assert.equal(type, "F16");
    const [bits, wanted] = [float32ToFloat16(ours), float32ToFloat16(expected)];
    for (const [at, pattern] of bits.entries()) {
      assert.ok(Math.abs(pattern - wanted[at]!) <= 1, `${tensor} ${at}: ${ours[at]} ${expected[at]}`);
      same += Number(pattern === wanted[at]);
      all += 1;
    }
  }
  assert.ok(same / all > 0.99, `${same} of ${all} are the same`);
});

test("everything else is copied: other tensors, tied embeddings, configuration and tokenizer", async () => {
  const model = join(folder, "copied");
  const progress: Progress[] = [];
  const paths = { base: base("llama"), adapter: join(GOLDEN, "llama"), model };
  const result = await merge(paths, { onProgress: (now) => progress.push(now) });
  assert.deepEqual(result, { tensors: 11, adapted: 7 });
  assert.deepEqual(progress.at(-1), { stage: "merge", done: 11, total: 11, unit: "tensors" });
  assert.deepEqual(await readModelConfig(model, "test"), await readModelConfig(base("llama"), "test"));
  for (const name of ["config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json"]) {
    assert.deepEqual(await readFile(join(model, name)), await readFile(join(base("llama"), name)));
  }
  const [before, after] = await Promise.all(
    [base("llama"), model].map((path) => openModelTensors(path, "test")),
  );
  assert.deepEqual([...after!.tensors.keys()], [...before!.tensors.keys()]);
  for (const name of ["model.embed_tokens.weight", "model.norm.weight"]) {
    assert.deepEqual(await after!.readBytes(name), await before!.readBytes(name));
  }
  await Promise.all([before!.close(), after!.close()]);
});

test("rows keep their directions and get their lengths; a row of zeros has none", () => {
  const rows = new Float32Array(4);
  assert.equal(setRowLengths(Float64Array.of(3, 4, 0, -2), Float32Array.of(10, -1), rows), true);
  assert.deepEqual([...rows], [6, 8, -0, 1]);
  assert.equal(setRowLengths(Float64Array.of(1, 1, 0, 0), Float32Array.of(1, 1), rows), false);
});

test("a DoRA adapter of the base's own lengths and a B of zeros changes nothing", async () => {
  const adapter = join(folder, "dora-none");
  await cp(join(GOLDEN, "dora"), adapter, { recursive: true });
  const file = join(adapter, "adapter_model.safetensors");
  const [before, trained] = [
    await openModelTensors(base("dora"), "test"),
    await openSafetensors([file], "test"),
  ];
  const tensors = await Promise.all(
    [...trained.tensors.values()].map(async ({ name, shape }) => {
      const values = await trained.readFloat32(name);
      const weight = `${/^base_model\.model\.(.+)\.lora_/.exec(name)![1]}.weight`;
      if (name.endsWith("lora_B.weight")) values.fill(0);
      if (name.endsWith("vector")) values.set(lengthsOf(await before.readFloat32(weight), values.length));
      return { name, shape, type: "F32" as const, values };
    }),
  );
  await trained.close();
  await writeSafetensors(file, "test", tensors, ({ values }) => fromFloat32(values, "F32"));
  await merge({ base: base("dora"), adapter, model: join(folder, "same") });
  const after = await openModelTensors(join(folder, "same"), "test");
  for (const name of before.tensors.keys()) {
    const [own, merged] = [await before.readFloat32(name), await after.readFloat32(name)];
    assert.ok(
      merged.every((value, at) => Math.abs(value - own[at]!) <= 1e-6 * Math.abs(own[at]!)),
      name,
    );
  }
  await Promise.all([before.close(), after.close()]);
});

/** The Euclidean length of each row. */
function lengthsOf(weights: Float32Array, rows: number): Float32Array {
  const columns = weights.length / rows;
  return Float32Array.from({ length: rows }, (_, row) =>
    Math.hypot(...weights.subarray(row * columns, (row + 1) * columns)),
  );
}

test("low-rank products of every rank agree with the plain sum", () => {
  const random = createRandom(9);
  const draw = (length: number) => Float32Array.from({ length }, () => normal(random));
  for (const rank of [1, 3, 4, 9]) {
    const [rows, columns] = [5, 7];
    const [weights, b, a] = [draw(rows * columns), draw(rows * rank), draw(rank * columns)];
    const merged = weights.slice();
    addLowRank(merged, b, a, rank, 0.5);
    for (let at = 0; at < weights.length; at += 1) {
      const [row, column] = [Math.floor(at / columns), at % columns];
      let sum = 0;
      for (let k = 0; k < rank; k += 1) sum += b[row * rank + k]! * a[k * columns + column]!;
      assert.ok(Math.abs(merged[at]! - (weights[at]! + 0.5 * sum)) < 1e-6);
    }
  }
});

test("a DoRA adapter's lengths are read under the name with .weight too, as PEFT reads them", async () => {
  const source = await openSafetensors([join(GOLDEN, "dora/adapter_model.safetensors")], "test");
  const adapter = join(folder, "dora-weight");
  await cp(join(GOLDEN, "dora"), adapter, { recursive: true });
  const tensors = await Promise.all(
    [...source.tensors.values()].map(async ({ name, shape }) => ({
      name: name.replace(/vector$/, "vector.weight"),
      shape,
      type: "F32" as const,
      values: await source.readFloat32(name),
    })),
  );
  await source.close();
  const file = join(adapter, "adapter_model.safetensors");
  await writeSafetensors(file, "test", tensors, ({ values }) => fromFloat32(values, "F32"));
  await merge({ base: base("dora"), adapter, model: join(folder, "by-weight") });
  await merge({ base: base("dora"), adapter: join(GOLDEN, "dora"), model: join(folder, "by-vector") });
  const [one, other] = await Promise.all(
    ["by-weight", "by-vector"].map((name) => readFile(join(folder, name, "model.safetensors"))),
  );
  assert.ok(one!.equals(other!));
});

test("a row of the base that is all zeros, and stays so, is refused by DoRA's merge", async () => {
  const zeros = join(folder, "zero-base");
  const adapter = join(folder, "zero-adapter");
  await cp(base("dora"), zeros, { recursive: true });
  await cp(join(GOLDEN, "dora"), adapter, { recursive: true });
  await clearFirstRow(join(zeros, "model.safetensors"), "mlp.up_proj.weight");
  await clearFirstRow(join(adapter, "adapter_model.safetensors"), "mlp.up_proj.lora_B.weight");
  await assert.rejects(merge({ base: zeros, adapter, model: join(folder, "zero-merged") }), {
    name: "MalformedInput",
    message: /^merge \S+: a row of "model\.layers\.0\.mlp\.up_proj\.weight" is all zeros once changed/,
  });
  assert.ok(!(await readdir(folder)).some((name) => name.startsWith("zero-merged")));
});

/** Sets the first row of a tensor in a file to zeros. */
async function clearFirstRow(file: string, tensor: string): Promise<void> {
  const source = await openSafetensors([file], "test");
  const tensors = await Promise.all(
    [...source.tensors.values()].map(async ({ name, shape }) => {
      const values = await source.readFloat32(name);
      if (name.endsWith(tensor)) values.fill(0, 0, shape[1]);
      return { name, shape, type: "F32" as const, values };
    }),
  );
  await source.close();
  await writeSafetensors(file, "test", tensors, ({ values }) => fromFloat32(values, "F32"));
}

type Change = {
  /** The golden adapter that is changed, which is its base's name too. */
  golden?: string;
  config?: Record<string, unknown>;
  tensors?: (tensors: Map<string, { shape: number[]; values: Float32Array }>) => void;
};

/** A golden adapter with something changed. */
async function writeAdapter({ golden = "llama", config = {}, tensors: change }: Change): Promise<string> {
  const adapter = join(folder, "adapter");
  await cp(join(GOLDEN, golden), adapter, { recursive: true });
  const path = join(adapter, "adapter_config.json");
  const json = JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
  await writeFile(path, JSON.stringify({ ...json, ...config }));
  const file = join(adapter, "adapter_model.safetensors");
  const source = await openSafetensors([file], "test");
  const tensors = new Map<string, { shape: number[]; values: Float32Array }>();
  for (const { name, shape } of source.tensors.values())
    tensors.set(name, { shape, values: await source.readFloat32(name) });
  await source.close();
  change?.(tensors);
  const list = [...tensors].map(([name, { shape, values }]) => ({
    name,
    shape,
    values,
    type: "F32" as const,
  }));
  await writeSafetensors(file, "test", list, ({ values }) => fromFloat32(values, "F32"));
  return adapter;
}

const LAYER = "base_model.model.model.layers.0";
const LENGTHS = `${LAYER}.mlp.up_proj.lora_magnitude_vector`;
const refused: [string, Change, typeof Unsupported | typeof MalformedInput, RegExp][] = [
  ["another method", { config: { peft_type: "IA3" } }, Unsupported, /another kind than LORA/],
  [
    "DoRA without the lengths of rows",
    { config: { use_dora: true } },
    MalformedInput,
    /"model\.layers\.0\.\S+" has no lora_magnitude_vector/,
  ],
  [
    "DoRA that lacks the lengths of one layer",
    { golden: "dora", tensors: (all) => all.delete(LENGTHS) },
    MalformedInput,
    /"model\.layers\.0\.mlp\.up_proj" has no lora_magnitude_vector/,
  ],
  [
    "DoRA with too few lengths",
    {
      golden: "dora",
      tensors: (all) => all.set(LENGTHS, { shape: [3], values: new Float32Array(3) }),
    },
    MalformedInput,
    /lora_magnitude_vector" has the shape \[3\], rank and base call for \[\d+\]/,
  ],
  [
    "DoRA with lengths as a matrix",
    {
      golden: "dora",
      tensors: (all) => {
        const { shape, values } = all.get(LENGTHS)!;
        all.set(LENGTHS, { shape: [1, ...shape], values });
      },
    },
    MalformedInput,
    /lora_magnitude_vector" has the shape \[1,\d+\]/,
  ],
  [
    "DoRA with a length that is NaN",
    { golden: "dora", tensors: (all) => (all.get(LENGTHS)!.values[3] = NaN) },
    MalformedInput,
    /lora_magnitude_vector" holds values that are not finite/,
  ],
  [
    "DoRA with its lengths twice",
    { golden: "dora", tensors: (all) => all.set(`${LENGTHS}.weight`, all.get(LENGTHS)!) },
    MalformedInput,
    /"model\.layers\.0\.mlp\.up_proj" has its lora_magnitude_vector twice/,
  ],
  [
    "DoRA with lengths alone",
    {
      golden: "dora",
      tensors: (all) => {
        for (const half of ["A", "B"]) all.delete(`${LAYER}.mlp.up_proj.lora_${half}.weight`);
      },
    },
    MalformedInput,
    /"model\.layers\.0\.mlp\.up_proj" has none of its two matrices/,
  ],
  [
    "a start that changes the base",
    { config: { init_lora_weights: "pissa" } },
    Unsupported,
    /init_lora_weights is set/,
  ],
  ["ranks by layer", { config: { rank_pattern: { q_proj: 2 } } }, Unsupported, /rank_pattern is set/],
  ["no rank", { config: { r: 0 } }, MalformedInput, /adapter_config.json: r: /],
  [
    "another rank",
    { config: { r: 8 } },
    MalformedInput,
    /has the shape \[4,512\], rank and base call for \[8,512\]/,
  ],
  [
    "a module that is no target",
    { config: { target_modules: ["q_proj"] } },
    MalformedInput,
    /none of the target_modules/,
  ],
  [
    "a target without matrices",
    {
      config: {
        target_modules: [
          "q_proj",
          "k_proj",
          "v_proj",
          "o_proj",
          "gate_proj",
          "up_proj",
          "down_proj",
          "lm_head",
        ],
      },
    },
    MalformedInput,
    /no matrices for the target "lm_head"/,
  ],
  [
    "half a pair",
    { tensors: (all) => all.delete(`${LAYER}.self_attn.q_proj.lora_A.weight`) },
    MalformedInput,
    /only one of its two matrices, lora_B/,
  ],
  [
    "an unknown tensor",
    {
      tensors: (all) =>
        all.set(`${LAYER}.self_attn.q_proj.lora_magnitude_vector`, {
          shape: [1],
          values: new Float32Array(1),
        }),
    },
    Unsupported,
    /lora_magnitude_vector" is not a LoRA matrix/,
  ],
  [
    "a layer that the base does not have",
    {
      tensors: (all) => {
        for (const half of ["A", "B"]) {
          const name = `${LAYER}.mlp.up_proj.lora_${half}.weight`;
          all.set(name.replace("layers.0", "layers.9"), all.get(name)!);
        }
      },
    },
    MalformedInput,
    /"model.layers.9.mlp.up_proj" is not in the base/,
  ],
  [
    "NaN",
    { tensors: (all) => (all.get(`${LAYER}.mlp.up_proj.lora_B.weight`)!.values[3] = NaN) },
    MalformedInput,
    /not finite numbers/,
  ],
  [
    "an output matrix that is the embedding",
    {
      config: { target_modules: ["embed_tokens"] },
      tensors: (all) => {
        all.clear();
        all.set("base_model.model.model.embed_tokens.lora_A.weight", {
          shape: [4, 256],
          values: new Float32Array(1024),
        });
        all.set("base_model.model.model.embed_tokens.lora_B.weight", {
          shape: [400, 4],
          values: new Float32Array(1600),
        });
      },
    },
    Unsupported,
    /input and output alike/,
  ],
];
for (const [what, change, kind, message] of refused) {
  test(`an adapter with ${what} is refused, and nothing is left`, async () => {
    const paths = {
      base: base(change.golden ?? "llama"),
      adapter: await writeAdapter(change),
      model: join(folder, "refused"),
    };
    await assert.rejects(merge(paths), (error: Error) => {
      assert.ok(error instanceof kind, String(error));
      assert.match(error.message, message);
      return true;
    });
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.startsWith("refused")),
      [],
    );
  });
}

test("when the disk fills up, no folder is left", async () => {
  const full = Object.assign(new Error("write"), { code: "ENOSPC" });
  const onProgress = ({ done }: Progress) => {
    if (done === 5) throw full;
  };
  const paths = { base: base("llama"), adapter: join(GOLDEN, "llama"), model: join(folder, "full") };
  await assert.rejects(merge(paths, { onProgress }), LimitExceeded);
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.startsWith("full")),
    [],
  );
});
