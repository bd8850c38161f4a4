import assert from "node:assert/strict";
import { test } from "node:test";
import { endsInParticle } from "./particle.js";

test("a modal particle at the end counts, behind marks and emoji too; laughter does not", () => {
  for (const bubble of ["好吧", "真的吗？", "走啦～", "知道了呀[捂脸]", "那我先睡了哈"])
    assert.ok(endsInParticle(bubble), bubble);
  for (const bubble of ["好的", "哈哈哈", "吧台见", "ok", ""]) assert.ok(!endsInParticle(bubble), bubble);
});
