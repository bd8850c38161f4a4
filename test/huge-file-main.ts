import { readCsv } from "../src/import/reading/csv.js";
import { readJsonValues } from "../src/import/reading/json.js";
import { readLines } from "../src/import/reading/lines.js";
import type { ChatFile } from "../src/import/sources/source.js";

// node dist/test/huge-file-main.js lines|json|csv: reads 2.2 GiB that are made as they are read, and prints as JSON how
// many messages were expected and found, and the peak of memory.
const BYTES = 2.2 * 2 ** 30;
const reader = process.argv[2];

const MESSAGE =
  '{"id":1234567,"type":"message","from":"小满","text":"到了没，我已经在楼下等你 [捂脸] \\"快\\""}';
const UNITS = {
  lines: { head: "", unit: "2024-05-01 16:00:00 小满: 到了没，我已经在楼下等你\r\n", tail: "" },
  json: { head: '{"name":"小满","messages":[\n', unit: `${MESSAGE},\n`, tail: `${MESSAGE}]}` },
  csv: { head: "time,sender,text\r\n", unit: '2024-05-01 16:00:00,小满,"到了没，\n我""在"""\r\n', tail: "" },
} as const;

const { head, unit, tail } = UNITS[reader as keyof typeof UNITS];
const piece = Buffer.from(unit.repeat(Math.ceil(2 ** 18 / Buffer.byteLength(unit))));
const pieces = Math.ceil(BYTES / piece.length);
const file: ChatFile = {
  path: "/huge",
  label: "huge",
  name: "huge",
  folders: ["exports"],
  sizeBytes: pieces * piece.length,
  open: async function* () {
    yield Buffer.from(head);
    for (let count = 0; count < pieces; count += 1) yield piece;
    yield Buffer.from(tail);
  },
};

const inPieces = (pieces * piece.length) / Buffer.byteLength(unit);
const values =
  reader === "lines"
    ? readLines(file)
    : reader === "csv"
      ? readCsv(file)
      : readJsonValues(file, ["messages.*"]);
let found = 0;
let problems = 0;
for await (const one of values) {
  if (one.kind === "problem") problems += 1;
  else if (one.kind === "line" || one.kind === "row" || (one.kind === "value" && one.path.length === 2))
    found += 1;
}
const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(
  JSON.stringify({ found, expected: inPieces + (reader === "lines" ? 0 : 1), problems, peakMiB }),
);
