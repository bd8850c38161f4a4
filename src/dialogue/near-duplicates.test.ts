import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../random.js";
import { Groups } from "./groups.js";
import { findNearDuplicates } from "./near-duplicates.js";

const LETTERS = "abcdefghij 好的在吗你";

function grams(text: string): Set<string> {
  return new Set(Array.from({ length: text.length - 2 }, (_, at) => text.slice(at, at + 3)));
}

function similarity(a: string, b: string): number {
  const [one, two] = [grams(a), grams(b)];
  const shared = [...one].filter((gram) => two.has(gram)).length;
  return shared / (one.size + two.size - shared);
}

test("joins exactly the texts that a comparison of all pairs joins", async () => {
  const random = createRandom("near duplicates");
  const letter = () => LETTERS[Math.floor(random() * LETTERS.length)]!;
  const texts = Array.from({ length: 60 }, () => Array.from({ length: 80 }, letter).join(""));
  for (let copy = 0; copy < 240; copy += 1) {
    const characters = [...texts[Math.floor(random() * texts.length)]!];
    const changes = Math.floor(random() * 5);
    for (let change = 0; change < changes; change += 1)
      characters[Math.floor(random() * characters.length)] = letter();
    texts.push(characters.join(""));
  }
  const [expected, found] = [new Groups(texts.length), new Groups(texts.length)];
  for (const [a, one] of texts.entries()) {
    for (let b = 0; b < a; b += 1) if (similarity(one, texts[b]!) >= 0.8) expected.join(a, b);
  }
  await findNearDuplicates(texts, {
    threshold: 0.8,
    joined: (a, b) => found.of(a) === found.of(b),
    found: (a, b) => {
      assert.ok(similarity(texts[a]!, texts[b]!) >= 0.8);
      found.join(a, b);
    },
  });
  const groups = (of: Groups) => texts.map((_, index) => of.of(index));
  assert.deepEqual(groups(found), groups(expected));
  assert.ok(new Set(groups(found)).size > 60, "not everything is one group");
});
