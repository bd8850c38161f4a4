import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { memoryFile } from "../../../test/read-source.js";
import { zipOf } from "../../../test/zip.js";
import { LimitExceeded, MalformedInput, Unsupported } from "../../errors.js";
import { packageRoot } from "../../project/paths.js";
import { readSheet } from "./xlsx.js";

async function rowsOf(content: Uint8Array, sheet?: string) {
  const rows: unknown[] = [];
  for await (const row of readSheet(memoryFile({ path: "book.xlsx", content }), sheet)) {
    rows.push(row.kind === "row" ? [row.number, ...row.cells] : row);
  }
  return rows;
}

const golden = (name: string) => readFile(join(packageRoot, "test", "golden", "xlsx", name));

test("a sheet by name, as openpyxl wrote it: texts, dates, times, numbers, empty rows", async () => {
  assert.deepEqual(await rowsOf(await golden("openpyxl.xlsx"), "聊天记录"), [
    [1, "消息ID", "类型", "发送人", "时间", "内容", "备注", "昵称", "更多信息"],
    [
      2,
      "7000000000000000001",
      "文本",
      "小满",
      "2024-05-01 16:00:00",
      '明天 <几点> & \r\n"两行"',
      "小满",
      "Lin",
      "more",
    ],
    [3, "7000000000000000002", "文本", "阿泽", "2024-05-01 16:00:07", "八点😄", "", "阿泽"],
    [5, "3", "TRUE", "1.5", "16:00:07", "1714550400", "", "  spaces  ", "2024-05-01 00:00:00"],
    [6, "", "", "", "2024-05-01 12:00:00", "45413.5"],
  ]);
  assert.deepEqual(await rowsOf(await golden("openpyxl.xlsx")), [[1, "只有一行"]]);
  assert.deepEqual(await rowsOf(await golden("openpyxl.xlsx"), "没有"), [
    { kind: "problem", place: "the workbook", what: "has no sheet 没有" },
  ]);
});

test("inline and rich texts, and dates from 1904, as XlsxWriter wrote them", async () => {
  assert.deepEqual(await rowsOf(await golden("xlsxwriter.xlsx")), [
    [1, "消息ID", "类型", "发送人", "时间"],
    [2, "7000000000000000001", "", "", "2024-05-01 16:00:07"],
    [3, "", "bold words\n again"],
    [4, "7E+18", "12345678901"],
  ]);
});

const RELATIONS =
  '<x:Relationships xmlns:x="r"><x:Relationship Id="a" Target="/xl/worksheets/one.xml"/></x:Relationships>';

/** A workbook of one sheet with this XML. */
function workbook(sheet: string, texts = ""): Record<string, Uint8Array> {
  return {
    "xl/_rels/workbook.xml.rels": Buffer.from(RELATIONS),
    "xl/workbook.xml": Buffer.from(
      '<x:workbook><x:sheets><x:sheet name="S" r:id="a"/></x:sheets></x:workbook>',
    ),
    "xl/sharedStrings.xml": Buffer.from(`<sst>${texts}</sst>`),
    "xl/worksheets/one.xml": Buffer.from(`<x:worksheet><x:sheetData>${sheet}</x:sheetData></x:worksheet>`),
  };
}

test("prefixed names, pronunciation, hostile references and entities", async () => {
  const texts = "<si><t>東京</t><rPh><t>トウキョウ</t></rPh></si><si><t>a_x000D_b</t></si>";
  const rows =
    '<x:row r="7"><x:c t="s"><x:v>0</x:v></x:c><x:c t="s"><x:v>1</x:v></x:c><x:c t="s"><x:v>99</x:v></x:c></x:row>' +
    '<x:row r="3"><x:c r="XFD1"><x:v>1</x:v></x:c><x:c r="1"><x:v>&lol;&amp;&#x4f60;</x:v></x:c></x:row>';
  assert.deepEqual(await rowsOf(zipOf(workbook(rows, texts))), [[7, "東京", "a\rb", ""]]);
});

test("what is no workbook, or harms, is one clear error", async () => {
  const cases: [Uint8Array, new (...rest: never[]) => Error, RegExp][] = [
    [Buffer.from("no zip"), MalformedInput, /^import book\.xlsx: the zip is damaged or cut off\. Copy or/],
    [
      Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2]),
      Unsupported,
      /an \.xls workbook or one with a password\. Save it/,
    ],
    [
      zipOf({ "a.txt": Buffer.from("a") }),
      MalformedInput,
      /the workbook lacks xl\/_rels\/workbook\.xml\.rels\./,
    ],
    [
      bomb(),
      LimitExceeded,
      /xl\/worksheets\/one\.xml would grow to 104857600 bytes, over 200 times its size/,
    ],
    [(await golden("openpyxl.xlsx")).subarray(0, 4000), MalformedInput, /the zip is damaged or cut off/],
  ];
  for (const [content, kind, message] of cases) {
    await assert.rejects(rowsOf(content), (error: Error) => {
      assert.ok(error instanceof kind, error.message);
      assert.match(error.message, message);
      return true;
    });
  }
});

/** A workbook whose sheet has 100 MiB of zeros. */
function bomb(): Buffer {
  const size = 100 * 2 ** 20;
  return zipOf(workbook(""), {
    "xl/worksheets/one.xml": { packed: deflateRawSync(Buffer.alloc(size)), size },
  });
}
