import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { piecesOf } from "../../../test/read-source.js";
import { readLines } from "./lines.js";

async function linesOf(bytes: Uint8Array, size: () => number) {
  const lines: unknown[] = [];
  for await (const line of readLines(piecesOf("a.txt", bytes, size))) {
    lines.push(line.kind === "line" ? line.text : line);
    if (line.kind === "line") assert.equal(line.number, lines.length);
  }
  return lines;
}

test("lines end with LF, CR or CRLF, wherever a piece ends", async () => {
  const text = fc.string({ unit: fc.constantFrom("a", "你", "\n", "\r", "\r\n", ","), maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(text, fc.infiniteStream(fc.integer({ min: 1, max: 5 })), async (text, sizes) => {
      const expected = text.replaceAll("\r\n", "\n").replaceAll("\r", "\n").split("\n");
      if (expected.at(-1) === "") expected.pop();
      assert.deepEqual(await linesOf(Buffer.from(text), () => sizes.next().value!), expected);
    }),
  );
});

test("a line of 40 MB is a problem with its number, and the next one is read", async () => {
  const bytes = Buffer.concat([Buffer.from("a\n"), Buffer.alloc(40_000_000, "x"), Buffer.from("\nb\n")]);
  assert.deepEqual(await linesOf(bytes, () => 1 << 18), [
    "a",
    { kind: "problem", place: "line 2", what: "longer than 16777216 characters" },
    "b",
  ]);
});
