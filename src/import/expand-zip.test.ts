import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { crc32, deflateRawSync } from "node:zlib";
import { dialogue, folder, imported, root, spoken } from "../../test/chat-exports.js";
import { zipOf } from "../../test/zip.js";
import { findFiles } from "./find-files.js";

const json = (...texts: string[]) => Buffer.from(JSON.stringify([dialogue(...texts)]));

async function found(zip: Buffer, name = "export.zip") {
  const home = await folder({ [name]: zip });
  const { files, skipped } = await findFiles([join(home, name)]);
  return { files, skipped, labels: files.map(({ label }) => label) };
}

test("a zip's chats are imported like those of a folder, each from where it lies", async () => {
  const text = json("packed", "yes");
  const packed = { packed: deflateRawSync(text), size: text.length, checksum: crc32(text) };
  const zip = zipOf(
    {
      "export/": Buffer.alloc(0),
      "export/June(wxid_1)/June.json": json("hello", "hi"),
      "export/June(wxid_1)/image/1.jpg": Buffer.from("x"),
      "export/June(wxid_1)/image/2.JPG": Buffer.from("x"),
      "export/June(wxid_1)/voice/3.opus": Buffer.from("x"),
      "__MACOSX/export/._June.json": Buffer.from("x"),
      "notes.md": Buffer.from("no chat"),
    },
    { "export/Hal/train.json": packed },
  );
  const { messages, report } = await imported(await folder({ "a.zip": zip }));
  assert.deepEqual(spoken(messages), ["Hal < packed", "Hal > yes", "June < hello", "June > hi"]);
  assert.deepEqual(report.files.map(({ file }) => file).sort(), [
    "chats/a.zip/export/Hal/train.json",
    "chats/a.zip/export/June(wxid_1)/June.json",
  ]);
  assert.deepEqual(report.skipped, [
    { file: "chats/a.zip/__MACOSX/export/._June.json", why: "hidden", harmless: true },
    { file: "chats/a.zip", why: "3 media files (2 jpg, 1 opus)", harmless: true },
    { file: "chats/a.zip/notes.md", why: "no known chat format" },
  ]);
});

test("a zip is told by its content, and named after, where its files are", async () => {
  const home = await folder({
    "June.zip": zipOf({ "train.json": json("a", "b") }),
    "b.zip": Buffer.from("no zip"),
  });
  const { report } = await imported(home);
  assert.deepEqual(
    report.contacts.map(({ contact }) => contact),
    ["June"],
  );
  assert.deepEqual(report.skipped, [{ file: "chats/b.zip", why: "no known chat format" }]);
  const { labels } = await found(zipOf({ "a.txt": Buffer.from("a") }), "export.bin");
  assert.deepEqual(labels, ["export.bin/a.txt"]);
});

test("a workbook is one file, not a folder of XML", async () => {
  const { labels, files } = await found(zipOf({ "[Content_Types].xml": Buffer.from("<a/>") }), "June.xlsx");
  assert.deepEqual([labels, files[0]!.name], [["June.xlsx"], "June.xlsx"]);
});

test("names that lead out of the zip are labels; nothing is written or read outside", async () => {
  const hostile = [
    "../../up.json",
    "/etc/passwd",
    "a/../../../b.json",
    "..\\..\\c.json",
    "C:\\d.json",
    "e\n\u202ef.json",
  ];
  const zip = zipOf(Object.fromEntries(hostile.map((name) => [name, json(name, "x")])));
  const home = await folder({ "a.zip": zip });
  const before = await readdir(dirname(home), { recursive: true });
  const { files } = await findFiles([home]);
  assert.deepEqual(
    files.map(({ label }) => label),
    [
      "chats/a.zip/C:/d.json",
      "chats/a.zip/__/__/c.json",
      "chats/a.zip/__/__/up.json",
      "chats/a.zip/a/__/__/__/b.json",
      "chats/a.zip/etc/passwd",
      "chats/a.zip/e\uFFFD\uFFFDf.json",
    ],
  );
  for (const { path } of files) assert.ok(path.startsWith(join(home, "a.zip")) && !path.includes(".."));
  const { messages } = await imported(home);
  assert.equal(messages.length, 12);
  assert.deepEqual(await readdir(dirname(home), { recursive: true }), before);
});

test("names in GBK, in code page 437 and in UTF-8 without a flag", async () => {
  const names: Record<string, string> = {
    "小满/聊天记录.json": "d0a1c2fa2fc1c4ccecbcc7c2bc2e6a736f6e",
    "Kästchen.json": "4b847374636865 6e2e6a736f6e".replace(" ", ""),
    "阿泽.json": "e998bfe6b3bd2e6a736f6e",
  };
  for (const [name, hex] of Object.entries(names)) {
    const { labels } = await found(zipOf({ [name]: json("a", "b") }, {}, () => Buffer.from(hex, "hex")));
    assert.deepEqual(labels, [`export.zip/${name}`]);
  }
});

test("encrypted, oddly packed, nested and doubled entries are left out with the reason", async () => {
  const entry = { packed: deflateRawSync(json("a", "b")), size: json("a", "b").length };
  const { labels, skipped } = await found(
    zipOf(
      { "in.zip": zipOf({}), "ok.json": json("a", "b"), "./x": json("a"), "_/x": json("b") },
      {
        "secret.json": { ...entry, flags: 1 },
        "odd.json": { ...entry, method: 14 },
      },
    ),
  );
  assert.deepEqual(labels, ["export.zip/_/x", "export.zip/ok.json"]);
  assert.deepEqual(skipped, [
    { file: "export.zip/in.zip", why: "a zip within a zip; unpack it and import what it holds" },
    { file: "export.zip/_/x", why: "a second file of that name" },
    { file: "export.zip/secret.json", why: "encrypted; unpack it with its password first" },
    { file: "export.zip/odd.json", why: "packed by method 14; unpack it first" },
  ]);
});

test("bombs are not inflated: one of zeros, one that lies about its size, many that share their bytes", async () => {
  const size = 100 * 2 ** 20;
  const zeros = deflateRawSync(Buffer.alloc(size));
  const big = await found(zipOf({}, { "a.json": { packed: zeros, size } }));
  assert.deepEqual(big.skipped, [
    { file: "export.zip/a.json", why: "would grow to 104857600 bytes, over 200 times its size in the zip" },
  ]);
  const lying = await found(zipOf({}, { "a_train.json": { packed: zeros, size: 1000 } }));
  let bytes = 0;
  await assert.rejects(async () => {
    for await (const piece of lying.files[0]!.open()) bytes += piece.byteLength;
  }, /^MalformedInput: import export\.zip\/a_train\.json: its bytes in the zip are damaged\. Copy or export it again\.$/);
  assert.ok(bytes <= 2 ** 18);
  const shared = Object.fromEntries(
    Array.from({ length: 40 }, (_, at) => [
      `${at}.json`,
      { packed: zeros.subarray(0, 2000), size: 60 * 2 ** 20 },
    ]),
  );
  const many = await found(zipOf({}, shared));
  assert.deepEqual([many.files.length, many.skipped.length], [1, 39]);
  assert.match(many.skipped[0]!.why, /^the zip would grow to over 200 times its size$/);
});

test("a damaged zip is one line, and damaged bytes are a problem of their file", async () => {
  const sound = zipOf({ "June_train.json": json("hello", "there"), "Hal_train.json": json("a", "b") });
  for (const damaged of [sound.subarray(0, -30), sound.subarray(0, 60)]) {
    const { files, skipped } = await found(damaged);
    assert.deepEqual(files, []);
    assert.deepEqual(skipped, [
      { file: "export.zip", why: "the zip is damaged or cut off. Copy or export it again." },
    ]);
  }
  const flipped = Buffer.from(sound);
  flipped[flipped.indexOf("hello")] = 0x48;
  const { report, messages } = await imported(await folder({ "a.zip": flipped }));
  assert.equal(messages.length, 4);
  assert.deepEqual(report.problems, [
    {
      file: "chats/a.zip/June_train.json",
      place: "the file",
      what: "its bytes in the zip are damaged (the checksum differs). Copy or export it again.",
    },
  ]);
});

test("thousands of media files in a folder are one line, and thousands of others a few", async () => {
  const files: Record<string, Uint8Array> = { "June.json": json("a", "b") };
  for (let at = 0; at < 300; at += 1) {
    files[`image/${at}.jpg`] = Buffer.from("x");
    files[`other/${at}.xyz`] = Buffer.from("x");
  }
  const { report, out } = await imported(await folder(files));
  assert.equal(report.skipped.length, 22);
  assert.equal(report.unread, 300);
  assert.deepEqual(report.skipped[0], { file: "chats", why: "300 media files (300 jpg)", harmless: true });
  assert.deepEqual(report.skipped.at(-1), { file: "280 more files", why: "no known chat format" });
  assert.ok((await readFile(join(out, "import.json"))).length < 10_000);
  assert.ok(out.startsWith(root));
});
