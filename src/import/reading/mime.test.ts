import assert from "node:assert/strict";
import { test } from "node:test";
import { mimePart } from "./mime.js";
import { memoryFile } from "../../../test/read-source.js";

const HTML = `<p>到了没</p>\r\n${"<p>快了，等我一下</p>\r\n".repeat(400)}`;

/** A file of the given part between two others. */
function mime(encoding: string, body: string, eol = "\r\n"): string {
  return [
    "From: <Save by Tencent MsgMgr>",
    "Content-Type:multipart/related;",
    '\tboundary="----=_Part_1"',
    "",
    "------=_Part_1",
    "Content-Type: image/gif",
    "Content-Transfer-Encoding: base64",
    "",
    "R0lGODlh".repeat(500),
    "------=_Part_1",
    "Content-Type: text/html",
    `Content-Transfer-Encoding: ${encoding}`,
    "",
    body,
    "------=_Part_1",
    "Content-Type: text/html",
    "",
    "<p>another</p>",
    "------=_Part_1--",
    "",
  ].join(eol);
}

/** The part's text with the file in pieces of a size. */
async function part(content: string, pieceBytes: number): Promise<string> {
  const bytes = Buffer.from(content);
  const file = memoryFile({ path: "a.mht", content });
  file.open = async function* () {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  };
  const pieces: Uint8Array[] = [];
  for await (const piece of mimePart(file, "text/html").open()) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

/** Quoted-printable with soft line ends after every 72 characters or less. */
function quotedPrintable(text: string): string {
  const units = [...Buffer.from(text)].map((byte) =>
    byte > 0x7e || byte === 0x3d
      ? `=${byte.toString(16).toUpperCase().padStart(2, "0")}`
      : String.fromCharCode(byte),
  );
  return units
    .map((unit, at) => (at % 24 === 23 && unit !== "\n" && unit !== "\r" ? `${unit}=\r\n` : unit))
    .join("");
}

for (const size of [1, 7, 64, 1021, 100_000]) {
  test(`the wanted part comes whole in pieces of ${size} bytes, whatever its encoding`, async () => {
    assert.equal(await part(mime("7bit", HTML), size), HTML);
    assert.equal(await part(mime("base64", Buffer.from(HTML).toString("base64")), size), HTML);
    assert.equal(await part(mime("quoted-printable", quotedPrintable(HTML)), size), HTML);
  });
}

test("line feeds alone end lines too", async () => {
  assert.equal(await part(mime("8bit", "<p>a</p>", "\n"), 5), "<p>a</p>");
});

test("a file that is cut off gives what there is; one without the part gives nothing", async () => {
  const whole = mime("7bit", HTML);
  const cut = whole.slice(0, whole.indexOf("快了，等我") + 200);
  assert.ok((await part(cut, 300)).startsWith("<p>到了没</p>\r\n<p>快了"));
  assert.equal(await part("Content-Type: image/png\r\n\r\nabc", 4), "");
  assert.equal(await part("no head at all", 4), "");
});

test("what stands behind the part is not read", async () => {
  const start = Buffer.from(mime("7bit", "<p>a</p>"));
  let more = 0;
  const file = memoryFile({ path: "a.mht", content: "" });
  file.open = async function* () {
    yield start;
    more += 1;
    yield start;
  };
  for await (const piece of mimePart(file, "text/html").open())
    assert.equal(Buffer.from(piece).toString(), "<p>a</p>");
  assert.equal(more, 0);
});
