import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../../test/read-source.js";
import { memotraceV3Csv } from "./memotrace-v3-csv.js";
import { memotraceV3Xlsx } from "./memotrace-v3-xlsx.js";

const FOLDER = "聊天记录/小满(wxid_demo1)";
const BOOK = exampleExport("memotrace-v3-xlsx", `${FOLDER}/小满.xlsx`);

test("told by the columns within the workbook, whatever its name", async () => {
  assert.ok((await sniffFile(memotraceV3Xlsx, { ...BOOK, path: "a.zip" })) >= 0.9);
  for (const content of ["", "PK", "PK\u0003\u0004", "消息ID"])
    assert.equal(await sniffFile(memotraceV3Xlsx, { path: "a.xlsx", content }), 0, content);
});

test("the workbook holds what the CSV holds", async () => {
  const csv = exampleExport("memotrace-v3-csv", `${FOLDER}/小满.csv`);
  const [book, table] = [await readSource(memotraceV3Xlsx, BOOK), await readSource(memotraceV3Csv, csv)];
  assert.deepEqual(book, table);
  assert.equal(book.messages.length, 15);
  assert.equal(book.messages[1]!.owner, true);
});
