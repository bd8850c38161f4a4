import assert from "node:assert/strict";
import { test } from "node:test";
import { harmlessSamples, privateSamples } from "../../../test/private-samples.js";
import { findPrivate, mayBePrivate } from "./find-private.js";
import { toHalfWidth } from "./half-width.js";

function find(text: string) {
  const plain = toHalfWidth(text);
  return mayBePrivate(plain) ? findPrivate(plain, new Set()) : [];
}

test("of fifty of each type at least 47 are found whole, and nothing else", () => {
  const hits = new Map<string, number>();
  let extra = 0;
  for (const { kind, text, value } of privateSamples(11)) {
    const start = text.indexOf(value);
    const found = find(text);
    const whole = found.some(
      (one) => one.kind === kind && one.start <= start && one.end >= start + value.length,
    );
    hits.set(kind, (hits.get(kind) ?? 0) + Number(whole));
    extra += found.filter((one) => one.end <= start || one.start >= start + value.length).length;
  }
  assert.equal(hits.size, 17);
  for (const [kind, count] of hits) assert.ok(count >= 47, `${kind}: ${count} of 50`);
  assert.ok(extra <= 2, `${extra} that are not private`);
});

test("of two thousand harmless messages at most four are taken for private", () => {
  const alarms = harmlessSamples(11).filter((text) => find(text).length > 0);
  assert.ok(alarms.length <= 4, alarms.join("\n"));
});
