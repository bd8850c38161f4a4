import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { MalformedInput, Unsupported } from "../errors.js";
import { parseModelConfig } from "./model-config.js";

const GOLDEN = new URL("../../../test/golden/config/transformers-5.json", import.meta.url);
const golden = JSON.parse(await readFile(GOLDEN, "utf8")) as Record<
  string,
  { config: Record<string, unknown> }
>;

const shape = {
  vocab_size: 1000,
  hidden_size: 256,
  intermediate_size: 512,
  num_hidden_layers: 32,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  max_position_embeddings: 4096,
  rms_norm_eps: 1e-6,
};
const llama = { ...shape, model_type: "llama" };
const qwen2 = { ...shape, model_type: "qwen2" };
const qwen3 = { ...shape, model_type: "qwen3", head_dim: 128 };
const llama3 = { rope_type: "llama3", factor: 8, low_freq_factor: 1, high_freq_factor: 4 };

for (const [name, { config }] of Object.entries(golden)) {
  test(`${name} reads the same as transformers 5 and as transformers 4 write it`, () => {
    const { rope_parameters: rope, ...rest } = config;
    const { rope_theta, ...scaling } = rope as Record<string, unknown>;
    const older = { ...rest, rope_theta, rope_scaling: scaling["rope_type"] === "default" ? null : scaling };
    assert.deepEqual(parseModelConfig(config, "test"), parseModelConfig(older, "test"));
  });
}

test("qwen3 norms its heads, whose size does not depend on the hidden size, and has no bias", () => {
  const { headNorms, headSize, attentionBias } = parseModelConfig(qwen3, "test");
  assert.deepEqual(
    { headNorms, headSize, attentionBias },
    { headNorms: true, headSize: 128, attentionBias: false },
  );
  assert.equal(parseModelConfig({ ...qwen3, head_dim: undefined }, "test").headSize, 128);
});

test("without a word about it, positions turn by 10000 and are not scaled", () => {
  const { ropeTheta, ropeScaling } = parseModelConfig(llama, "test");
  assert.deepEqual({ ropeTheta, ropeScaling }, { ropeTheta: 10_000, ropeScaling: null });
});

const originalContext = (json: object) =>
  parseModelConfig({ ...llama, ...json }, "test").ropeScaling?.originalContextTokens;

test("the original context is the one named beside the scaling, or in it, or else the context", () => {
  const inside = { ...llama3, original_max_position_embeddings: 512 };
  assert.equal(originalContext({ rope_scaling: inside }), 512);
  assert.equal(originalContext({ rope_scaling: inside, original_max_position_embeddings: 256 }), 256);
  assert.equal(originalContext({ rope_scaling: llama3 }), 4096);
});

const accepted: [string, object][] = [
  [
    "a window that is switched off",
    { ...qwen2, use_sliding_window: false, sliding_window: 1024, max_window_layers: 21 },
  ],
  ["a window mentioned by a qwen model that does not use it", { ...qwen3, sliding_window: 1024 }],
  ["a window of null", { ...qwen2, use_sliding_window: true, sliding_window: null, max_window_layers: 0 }],
  [
    "a window from a layer on that there is not",
    { ...qwen2, use_sliding_window: true, sliding_window: 1024, max_window_layers: 32 },
  ],
  [
    "a window as long as the context",
    { ...qwen2, use_sliding_window: true, sliding_window: 4096, max_window_layers: 0 },
  ],
  [
    "layers that all see everything",
    { ...qwen3, use_sliding_window: true, sliding_window: 1024, layer_types: ["full_attention"] },
  ],
  ["a llama's window of null", { ...llama, sliding_window: null }],
  ["a llama's window that is switched off", { ...llama, use_sliding_window: false, sliding_window: 1024 }],
  ["positions scaled by default", { ...llama, rope_scaling: { type: "default" } }],
];
for (const [what, json] of accepted) {
  test(`${what} is no reason to refuse`, () => {
    assert.equal(parseModelConfig(json, "test").layers, 32);
  });
}

const refused: [string, object, typeof Unsupported | typeof MalformedInput, RegExp][] = [
  [
    "another architecture",
    { ...shape, model_type: "gemma3" },
    Unsupported,
    /"gemma3" is not llama, qwen2 or qwen3/,
  ],
  [
    "a window in its last layers",
    { ...qwen2, use_sliding_window: true, sliding_window: 1024, max_window_layers: 28 },
    Unsupported,
    /sliding-window/,
  ],
  [
    "a window by default values",
    { ...qwen3, max_position_embeddings: 32_768, use_sliding_window: true },
    Unsupported,
    /sliding-window/,
  ],
  [
    "layer types with a window",
    { ...qwen3, layer_types: ["full_attention", "sliding_attention"] },
    Unsupported,
    /sliding-window/,
  ],
  ["Mistral's kind of window", { ...llama, sliding_window: 1024 }, Unsupported, /sliding-window/],
  [
    "yarn",
    { ...qwen2, rope_scaling: { type: "yarn", factor: 4 } },
    Unsupported,
    /scaled as "yarn" are not computed here \(llama3 is\)/,
  ],
  [
    "linear scaling",
    { ...llama, rope_parameters: { rope_type: "linear", factor: 4, rope_theta: 1e4 } },
    Unsupported,
    /"linear"/,
  ],
  [
    "dynamic scaling",
    { ...llama, rope_scaling: { rope_type: "dynamic", factor: 2 } },
    Unsupported,
    /"dynamic"/,
  ],
  [
    "longrope",
    { ...llama, rope_scaling: { rope_type: "longrope", short_factor: [1] } },
    Unsupported,
    /"longrope"/,
  ],
  [
    "llama3 scaling without numbers",
    { ...llama, rope_scaling: { rope_type: "llama3", factor: 8 } },
    Unsupported,
    /need factor/,
  ],
  [
    "crossed frequency factors",
    { ...llama, rope_scaling: { ...llama3, high_freq_factor: 1 } },
    Unsupported,
    /high_freq_factor 1 is not above/,
  ],
  [
    "llama3 scaling in a qwen model",
    { ...qwen3, rope_scaling: llama3 },
    Unsupported,
    /scales no positions of qwen3/,
  ],
  [
    "positions by layer type",
    { ...llama, rope_parameters: { full_attention: { rope_theta: 1e4 } } },
    Unsupported,
    /differ by layer/,
  ],
  ["partly rotated heads", { ...llama, partial_rotary_factor: 0.5 }, Unsupported, /a part of each head/],
  [
    "heads of qwen2 of another size",
    { ...qwen2, head_dim: 128 },
    Unsupported,
    /4 heads of 128 are not the hidden size 256/,
  ],
  [
    "an attention bias of qwen3",
    { ...qwen3, attention_bias: true },
    Unsupported,
    /no attention bias of qwen3/,
  ],
  [
    "heads that share unevenly",
    { ...llama, num_key_value_heads: 3 },
    Unsupported,
    /4 heads do not divide among 3/,
  ],
  [
    "a head of a broken size",
    { ...llama, num_attention_heads: 3, num_key_value_heads: 1 },
    Unsupported,
    /head size 85.3/,
  ],
  ["a scaling that is a word", { ...llama, rope_scaling: "llama3" }, MalformedInput, /rope_scaling/],
  [
    "a factor below 1",
    { ...llama, rope_scaling: { ...llama3, factor: 0.5 } },
    MalformedInput,
    /rope_scaling.factor/,
  ],
];
for (const [what, json, kind, message] of refused) {
  test(`a configuration with ${what} is refused in one line`, () => {
    assert.throws(
      () => parseModelConfig(json, "test"),
      (error: Error) => error instanceof kind && message.test(error.message) && !error.message.includes("\n"),
    );
  });
}
