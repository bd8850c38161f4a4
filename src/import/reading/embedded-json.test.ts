import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryFile } from "../../../test/read-source.js";
import { embeddedJson } from "./embedded-json.js";

/** The list behind the marker with the file in pieces of a size. */
async function list(content: string, pieceBytes: number): Promise<string> {
  const bytes = Buffer.from(content);
  const file = memoryFile({ path: "a.html", content });
  file.open = async function* () {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  };
  const pieces: Uint8Array[] = [];
  for await (const piece of embeddedJson(file, "window.DATA").open()) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

const LIST = '[\n{"b":"<div>]}\\"[</div>","n":[1,[2]]},\n{"b":"你好\\\\"}\n]';

for (const size of [1, 5, 64, 10_000]) {
  test(`the list comes whole in pieces of ${size} bytes, whatever its texts hold`, async () => {
    const before = `<p>[1]</p><script>window.DATA_OLD = {a: [1]};${" ".repeat(300)}window.DATA = `;
    assert.equal(await list(`${before}${LIST};</script><script>x = [3]</script>`, size), LIST);
    assert.equal(await list(`window.DATA(12,${LIST});`, size), LIST);
  });
}

test("no list behind the marker, or no marker, gives nothing; a cut list what there is", async () => {
  assert.equal(await list("window.DATA = null;\n<p>[1]</p>", 7), "");
  assert.equal(await list("<p>[1]</p>", 7), "");
  assert.equal(await list("window.DATA = [1, [2", 7), "[1, [2");
});
