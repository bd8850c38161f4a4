import { writeSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { KouwenError } from "../../src/errors.js";
import { findFiles, readHead } from "../../src/import/find-files.js";
import { localTimeIn } from "../../src/import/local-time.js";
import { isCompanion, recognise } from "../../src/import/sources/registry.js";
import type { ChatFile, Source } from "../../src/import/sources/source.js";
import { createRandom, type Random } from "../../src/random.js";
import { memoryFile, piecesOf } from "../read-source.js";
import { zipOf } from "../zip.js";
import { countAllocations } from "./allocations.js";
import { readExamples, unpacked, zipOfExamples } from "./export-examples.js";
import { pick } from "./hostile.js";
import { mutateExport } from "./mutate-export.js";

// node dist/test/fuzz/exports-main.js --seed <text> --from <first case> --count <how many> [--source <id>]: reads that
// many damaged chat exports, of all formats in turn and of zips, or of one. Lines as those of main.ts.
const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    count: { type: "string", default: "1" },
    source: { type: "string", default: "" },
    show: { type: "boolean", default: false },
  },
});
const say = (line: string) => writeSync(1, `${line}\n`);

/** Reading in pieces holds little at once; the encoding is told by a quarter of a megabyte. */
const mostAllocated = (bytes: number) => 8 * bytes + (1 << 20);
/** A message takes a byte at least; a text may stand in a workbook once and in many cells. */
const mostFound = (bytes: number) => 4 * bytes + 1000;
/** As the example of a table of any make calls them. */
const COLUMNS = { time: "date", sender: "From", text: "Body", owner: "Mine", conversation: "Chat" };
/** What is said about a file fits on a line and shows nothing that turns a terminal round. */
const SHOWN = /^[^\p{Cc}\u2028\u2029]{1,300}$/u;
const CLEAR = /^import [^\p{Cc}]+: [^\p{Cc}\u2028\u2029]+\. [A-Z][^\p{Cc}]+\.$/u;

const folder = await mkdtemp(join(tmpdir(), "kouwen-exports-"));
const examples = readExamples();
const others = examples.flatMap(({ files }) => files.map(({ content }) => content));
const tried = values.source === "" ? examples : examples.filter(({ source }) => source.id === values.source);
const zip = zipOfExamples(examples);
const allocations = countAllocations();
const counts = { read: 0, refused: 0, failed: 0 };
const first = Number(values.from);
for (let index = first; index < first + Number(values.count); index += 1) {
  say(`case ${index}`);
  const random = createRandom(`${values.seed} ${index}`);
  const turn = index % (tried.length + Number(tried.length > 1 || values.source === "zip"));
  let problems = 0;
  try {
    problems = turn < tried.length ? await tryExport(tried[turn]!, random) : await tryZip(random);
  } catch (error) {
    if (values.show) say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    counts.failed += 1;
    const what = error instanceof Error ? `${error.name}: ${error.message.slice(0, 300)}` : "no error object";
    say(`failed case ${index}, seed ${values.seed}, ${tried[turn]?.source.id ?? "zip"}: ${what}`);
    continue;
  }
  counts[problems === 0 ? "read" : "refused"] += 1;
}
say(`rss ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
say(JSON.stringify(counts));
await rm(folder, { recursive: true });

/** How many problems a damaged example has, read by its own format and by the one that it is taken for. */
async function tryExport({ source, files }: (typeof examples)[number], random: Random): Promise<number> {
  const file = pick(random, files);
  const content = await damaged(file.content, random);
  const pieceBytes = pick(random, [1021, 4096, 1 << 18]);
  const beside = files.map((one) => memoryFile(one));
  const damagedFile = piecesOf(file.path, content, () => pieceBytes);
  const head = await readHead(damagedFile);
  isCompanion(head);
  const taken = recognise(head);
  let problems = await read(source, damagedFile, content.length, beside);
  if (taken && taken !== source) problems += await read(taken, damagedFile, content.length, beside);
  return problems;
}

async function damaged(bytes: Buffer, random: Random): Promise<Buffer> {
  if (!bytes.subarray(0, 2).equals(Buffer.from("PK")) || random() < 0.3)
    return mutateExport(bytes, others, random);
  const parts = await unpacked(bytes);
  const part = pick(random, Object.keys(parts));
  return zipOf({ ...parts, [part]: mutateExport(parts[part]!, others, random) });
}

/** How many files of a damaged zip are left out or broken. */
async function tryZip(random: Random): Promise<number> {
  const path = join(folder, "a.zip");
  await writeFile(path, mutateExport(zip, others, random));
  const { files, skipped } = await findFiles([path]);
  for (const { file, why } of skipped)
    check(SHOWN.test(file) && SHOWN.test(why), `an unclear line: ${file}: ${why}`);
  let problems = skipped.length;
  for (const file of files) {
    check(
      file.path.startsWith(folder) && !/(?:^|\/)\.\.(?:\/|$)/.test(file.path),
      "a path that leads elsewhere",
    );
    check(SHOWN.test(file.label), `an unclear label`);
    const head = await readHead(file).catch(() => undefined);
    const taken = head && recognise(head);
    if (taken) problems += await read(taken, file, file.sizeBytes, []);
  }
  return problems;
}

async function read(
  source: Source,
  file: ChatFile,
  bytes: number,
  beside: readonly ChatFile[],
): Promise<number> {
  let found = 0;
  let characters = 0;
  let problems = 0;
  allocations.restart();
  const context = {
    named: { name: "小满", accountId: null },
    near: (name: string) => beside.find((one) => one.name === name),
    localTime: localTimeIn("Asia/Shanghai"),
    columns: COLUMNS,
    run: {},
  };
  try {
    for await (const one of source.read(file, context)) {
      found += 1;
      check(found <= mostFound(bytes), `${found} things found in ${bytes} bytes`);
      if (one.kind === "message") {
        const { message } = one;
        characters += message.text.length;
        check(
          typeof message.text === "string" && typeof message.sender === "string",
          "a message without words",
        );
        check(message.time === null || Number.isFinite(message.time), `a time that is none: ${message.time}`);
      } else if (one.kind === "problem") {
        problems += 1;
        check(SHOWN.test(one.place) && SHOWN.test(one.what), `an unclear problem: ${one.place}: ${one.what}`);
      }
    }
  } catch (error) {
    if (!(error instanceof KouwenError)) throw error;
    check(CLEAR.test(error.message), `an unclear message: ${error.message}`);
    problems += 1;
  }
  check(characters <= 64 * bytes + (1 << 20), `${characters} characters of ${bytes} bytes`);
  const asked = allocations.largest();
  check(asked <= mostAllocated(bytes), `${asked} bytes asked for at once, of a file of ${bytes}`);
  return problems;
}

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}
