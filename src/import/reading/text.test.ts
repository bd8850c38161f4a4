import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { piecesOf } from "../../../test/read-source.js";
import { packageRoot } from "../../project/paths.js";
import { readText } from "./text.js";

const folder = join(packageRoot, "test", "golden", "encodings");
const texts = JSON.parse(await readFile(join(folder, "texts.json"), "utf8")) as Record<string, string>;

async function textOf(bytes: Uint8Array, pieceBytes: number) {
  let text = "";
  const notes: string[] = [];
  for await (const piece of readText(piecesOf("a.txt", bytes, () => pieceBytes))) {
    if (piece.kind === "text") text += piece.text;
    else notes.push(piece.what);
  }
  return { text, notes };
}

for (const [encoding, text] of Object.entries(texts)) {
  test(`${encoding} as Python wrote it is told and decoded, whatever the pieces`, async () => {
    const bytes = await readFile(join(folder, `${encoding}.txt`));
    for (const size of [1, 7, 100_000]) {
      assert.deepEqual(await textOf(bytes, size), { text, notes: [`stored as ${encoding.toUpperCase()}`] });
    }
  });

  test(`${encoding} after a megabyte of ASCII is told all the same`, async () => {
    if (encoding === "utf-16le") return;
    const head = "x\n".repeat(500_000);
    const bytes = Buffer.concat([Buffer.from(head), await readFile(join(folder, `${encoding}.txt`))]);
    const decoded = await textOf(bytes, 65_536);
    assert.ok(decoded.text === head + text);
    assert.deepEqual(decoded.notes, [`stored as ${encoding.toUpperCase()}`]);
  });
}

test("short and one-sided Chinese is not taken for Korean or Japanese", async () => {
  // 哈哈, 好, 嗯 and 小满 in GBK: as EUC-KR they would be Hangul or Hanja.
  for (const hex of [
    "b9feb9fe0abac30abac30a",
    "d0a1c2fa3ab9feb9feb9fe0ab0a2d4f33ae0c50a",
    "83408340838f0a",
  ]) {
    const { notes } = await textOf(Buffer.from(hex, "hex"), 1000);
    assert.deepEqual(notes, ["stored as GB18030"]);
  }
});

test("any text in UTF-8 survives any pieces; a mark goes, a U+FFFD of its own is no damage", async () => {
  const texts = fc.string({ unit: fc.constantFrom("a", "\n", "é", "你", "😄", "\uFFFD", "\uFEFF") });
  await fc.assert(
    fc.asyncProperty(texts, fc.integer({ min: 1, max: 9 }), async (text, size) => {
      const decoded = await textOf(Buffer.from(`\uFEFF${text}`), size);
      assert.deepEqual(decoded, { text, notes: [] });
    }),
  );
});

test("broken bytes are counted and stay in their place", async () => {
  const bytes = Buffer.from("你好 hello\n".repeat(100));
  bytes[1] = 0x41;
  bytes[bytes.length - 4] = 0xff;
  const { text, notes } = await textOf(bytes, 13);
  assert.match(notes.join(), /^\d places are not valid UTF-8$/);
  assert.ok(text.startsWith("\uFFFDA") && text.endsWith(`l\uFFFDlo\n`.slice(-4)));
});

test("an empty file has no text", async () => {
  assert.deepEqual(await textOf(Buffer.alloc(0), 10), { text: "", notes: [] });
});
