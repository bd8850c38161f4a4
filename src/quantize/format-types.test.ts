import assert from "node:assert/strict";
import { test } from "node:test";
import { formatTypes } from "./format-types.js";

test("layers that got the same type stand together", () => {
  const tensors = {
    "token_embd.weight": "Q6_K",
    ...Object.fromEntries([0, 1, 2, 4].map((layer) => [`blk.${layer}.attn_v.weight`, "Q8_0"])),
    "blk.3.attn_v.weight": "Q5_0",
    "blk.0.attn_q.weight": "Q5_0",
    "blk.1.attn_q.weight": "Q5_0",
  };
  assert.deepEqual(formatTypes(tensors), [
    "token_embd.weight  Q6_K",
    "attn_v.weight      Q8_0 in layers 0–2 4, Q5_0 in layer 3",
    "attn_q.weight      Q5_0",
  ]);
});
