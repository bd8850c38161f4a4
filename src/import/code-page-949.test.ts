import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../project/paths.js";
import { CodePage949 } from "./code-page-949.js";

test("every pair of bytes gives the character that Python's cp949 gives", async () => {
  const path = join(packageRoot, "test", "golden", "encodings", "cp949.json");
  const golden = JSON.parse(await readFile(path, "utf8")) as { pairs: number; sha256: string };
  const decoder = new CodePage949();
  let listed = "";
  let pairs = 0;
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x41; trail <= 0xfe; trail += 1) {
      const text = decoder.decode(Uint8Array.of(lead, trail));
      if (text.length !== 1 || text === "\uFFFD") continue;
      const code = ((lead << 8) | trail).toString(16).padStart(4, "0");
      listed += `${code}${text}\n`;
      pairs += 1;
    }
  }
  assert.equal(pairs, golden.pairs);
  assert.equal(createHash("sha256").update(listed).digest("hex"), golden.sha256);
});

test("a pair may lie across two pieces; half a pair is damage, and what follows it stays", () => {
  const decoder = new CodePage949();
  assert.equal(decoder.decode(Uint8Array.of(0xb9), { stream: true }), "");
  assert.equal(decoder.decode(Uint8Array.of(0xe4, 0xb9), { stream: true }), "밥");
  assert.equal(decoder.decode(Uint8Array.of(0x0a, 0xff, 0xb9)), "\uFFFD\n\uFFFD\uFFFD");
  assert.equal(decoder.decode(), "");
});
