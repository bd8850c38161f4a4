import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { zipOf } from "../../../test/zip.js";
import { packageRoot } from "../../project/paths.js";
import { workbookHead } from "./xlsx-head.js";

test("names and texts are found in workbooks of two writers, also in the first half of the file", async () => {
  for (const name of ["openpyxl.xlsx", "xlsxwriter.xlsx"]) {
    const bytes = await readFile(join(packageRoot, "test", "golden", "xlsx", name));
    assert.match(workbookHead(bytes)!, /消息ID/, name);
    assert.notEqual(workbookHead(bytes.subarray(0, bytes.length / 2)), undefined, name);
  }
});

test("stored parts are read, other zips and broken parts are not", () => {
  const sheet = Buffer.from("<worksheet>序号</worksheet>");
  assert.match(workbookHead(zipOf({ "xl/worksheets/sheet1.xml": sheet }))!, /序号/);
  assert.equal(workbookHead(zipOf({ "word/document.xml": sheet })), undefined);
  for (const text of ["", "PK", "PK\u0003\u0004", "序号 PK\u0003\u0004 xl/workbook.xml"])
    assert.equal(workbookHead(Buffer.from(text)), undefined, text);
  const broken = { "xl/workbook.xml": { packed: Buffer.from([0xff, 0xff]), size: 9, method: 8 } };
  assert.equal(workbookHead(zipOf({}, broken)), "");
});
