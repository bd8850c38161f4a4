import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { piecesOf } from "../../../test/read-source.js";
import { readCsv } from "./csv.js";

async function rowsOf(text: string, size: () => number = () => 7) {
  const rows: unknown[] = [];
  for await (const row of readCsv(piecesOf("a.csv", Buffer.from(text), size))) {
    if (row.kind === "note") continue;
    rows.push(row.kind === "row" ? row.cells : `${row.place}: ${row.what}`);
    if (row.kind === "row") assert.equal(row.number, rows.length);
  }
  return rows;
}

const cells = fc.string({
  unit: fc.constantFrom("a", "你", '"', ",", ";", "\n", "\r\n", "\r", " "),
  maxLength: 6,
});
const tables = fc.array(fc.array(cells, { minLength: 2, maxLength: 4 }), { maxLength: 6 });

test("any table comes back, whatever separates it, ends its lines and cuts its pieces", async () => {
  const forms = fc.record({
    delimiter: fc.constantFrom(",", ";", "\t"),
    lineEnd: fc.constantFrom("\n", "\r\n", "\r"),
    lastEnd: fc.boolean(),
    quoteAll: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      tables,
      forms,
      fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
      async (rows, { delimiter, lineEnd, lastEnd, quoteAll }, sizes) => {
        const table = [["h1", "h2", "h3", "h4"], ...rows];
        const quoted = (cell: string) =>
          quoteAll || /[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
        const text = table.map((row) => row.map(quoted).join(delimiter)).join(lineEnd);
        const read = await rowsOf(text + (lastEnd ? lineEnd : ""), () => sizes.next().value!);
        assert.deepEqual(read, table);
      },
    ),
    { numRuns: 400 },
  );
});

test("the header decides on the delimiter, unless Excel's first line does", async () => {
  assert.deepEqual(await rowsOf("a;b\n1,5;2\n"), [
    ["a", "b"],
    ["1,5", "2"],
  ]);
  assert.deepEqual(await rowsOf('"x;y;z",b\r\n1,2\r\n'), [
    ["x;y;z", "b"],
    ["1", "2"],
  ]);
  assert.deepEqual(await rowsOf("sep=;\r\na;b,c,d\r\n"), [["a", "b,c,d"]]);
  assert.deepEqual(await rowsOf("Time\n1\n\n\n2"), [["Time"], ["1"], ["2"]]);
});

test("quotation marks that nobody doubled stand for themselves", async () => {
  assert.deepEqual(await rowsOf('a,b\nsay "hi",2\n"he said "yes" to me",4\n"x" ,y\n'), [
    ["a", "b"],
    ['say "hi"', "2"],
    ['he said "yes" to me', "4"],
    ["x", "y"],
  ]);
});

test("a quotation mark that is not closed costs its line, at the end of the file and before", async () => {
  assert.deepEqual(await rowsOf('a,b\n1,"cut off\n3,4\n5,6'), [
    ["a", "b"],
    "row 2: a quotation mark that is not closed",
    ["3", "4"],
    ["5", "6"],
  ]);
  assert.deepEqual(await rowsOf('a,b\n1,"open\n3,"x, y"\n5,"two\nlines"\n'), [
    ["a", "b"],
    "row 2: a quotation mark that is not closed",
    ["3", "x, y"],
    ["5", "two\nlines"],
  ]);
});

test("100,000 lines that open a quotation mark and never close it are read once", async () => {
  const rows = await rowsOf(`a,b\n${'"x\n'.repeat(100_000)}`, () => 1 << 18);
  assert.equal(rows.length, 100_001);
});

test("a hundred thousand quotation marks in one cell are gone through once", async () => {
  const rows = await rowsOf(`a,b\n"x${'{"a":'.repeat(100_000)}",2\n3,4\n`, () => 1 << 20);
  assert.deepEqual(rows.at(-1), ["3", "4"]);
});

test("a row without an end costs itself only, and a long one is read as its pieces come", async () => {
  const long = "x".repeat(300_000);
  assert.deepEqual(await rowsOf(`a,b\n1,${long}\n2,y\n`, () => 64), [
    ["a", "b"],
    ["1", long],
    ["2", "y"],
  ]);
  const endless = Buffer.alloc(17 * 2 ** 20, "x,");
  const rows: string[] = [];
  const file = piecesOf(
    "a.csv",
    Buffer.concat([Buffer.from("a,b\n"), endless, Buffer.from("\n2,y\n")]),
    () => 2 ** 20,
  );
  for await (const row of readCsv(file)) {
    if (row.kind !== "note")
      rows.push(row.kind === "row" ? row.cells.join().slice(0, 9) : `${row.place}: ${row.what}`);
  }
  assert.deepEqual(rows, ["a,b", "row 2: over 16777216 characters without an end", "2,y"]);
});
