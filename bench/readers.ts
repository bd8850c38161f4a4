import { createReadStream, openSync, closeSync, writeSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { readCsv } from "../src/import/reading/csv.js";
import { readJsonLineValues, readJsonValues } from "../src/import/reading/json.js";
import { readLines } from "../src/import/reading/lines.js";
import { readText } from "../src/import/reading/text.js";
import type { ChatFile } from "../src/import/sources/source.js";

// How fast are files of a million messages read, beside a plain read of their bytes?
//   node dist/bench/readers.js [<messages>]
// Each reader is run in turns with a plain read of the same file, which is in the system's cache; the best counts.

const MESSAGES = Number(process.argv[2] ?? 1_000_000);
const ROUNDS = 3;
const TEXTS = [
  "明天几点去爬山",
  "ok 好的 see you then",
  "哈哈哈哈[捂脸]",
  "八点\n别迟到",
  'say "hi", ok?',
  "你到了没有呀，我已经在楼下等你很久了，快点下来吧",
  "👍",
];

const folder = await mkdtemp(join(tmpdir(), "bench-readers-"));
const name = (at: number) => (at % 2 === 0 ? "阿泽" : "小满");
const time = (at: number) => new Date((1_714_550_400 + at * 7) * 1000).toISOString().slice(0, 19);
const text = (at: number) => TEXTS[at % TEXTS.length]!;

/** Telegram's result.json, ChatLab's lines, WhatsApp's text, MemoTrace's table. */
const files = {
  json: write("result.json", '{"name":"小满","messages":[\n', ",\n", "]}", (at) =>
    JSON.stringify(
      {
        id: at,
        type: "message",
        date: time(at),
        from: name(at),
        from_id: `user${at % 2}`,
        text: text(at),
        text_entities: [{ type: "plain", text: text(at) }],
      },
      null,
      1,
    ),
  ),
  jsonl: write("chat.jsonl", "", "\n", "\n", (at) =>
    JSON.stringify({ _type: "message", sender: name(at), timestamp: at, type: 0, content: text(at) }),
  ),
  txt: write(
    "_chat.txt",
    "",
    "\r\n",
    "\r\n",
    (at) => `${time(at)} - ${name(at)}: ${text(at).replace("\n", " ")}`,
  ),
  csv: write("chat.csv", "\uFEFFid,sender,time,type,own,text\r\n", "\r\n", "\r\n", (at) =>
    [at, name(at), time(at), 1, at % 2, `"${text(at).replaceAll('"', '""')}"`].join(","),
  ),
};

const READERS: [string, string, (file: ChatFile) => AsyncIterable<unknown>][] = [
  ["text.ts", files.txt, readText],
  ["lines.ts", files.txt, readLines],
  ["json.ts, a document", files.json, (file) => readJsonValues(file, ["messages.*"])],
  ["json.ts, one value a line", files.jsonl, readJsonLineValues],
  ["csv.ts", files.csv, readCsv],
];

for (const [label, path, read] of READERS) {
  const file = await asFile(path);
  let [plain, ours] = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round += 1) {
    plain = Math.min(plain, await seconds(file.open()));
    ours = Math.min(ours, await seconds(read(file)));
  }
  const speed = `${ours.toFixed(2)} s, ${(file.sizeBytes / 1e6 / ours).toFixed(0)} MB/s`;
  console.log(
    `${label.padEnd(26)} ${speed}, ${(ours / plain).toFixed(1)} × a plain read (${plain.toFixed(2)} s)`,
  );
}
console.log(`${MESSAGES} messages; load ${loadavg()[0]!.toFixed(1)}`);
await rm(folder, { recursive: true });

async function seconds(values: AsyncIterable<unknown>): Promise<number> {
  const start = process.cpuUsage();
  for await (const _ of values);
  // Processor time, for others share the machine.
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

function write(
  fileName: string,
  head: string,
  between: string,
  tail: string,
  item: (at: number) => string,
): string {
  const path = join(folder, fileName);
  const file = openSync(path, "w");
  let batch = head;
  for (let at = 0; at < MESSAGES; at += 1) {
    batch += at === 0 ? item(at) : between + item(at);
    if (batch.length > 1 << 20) {
      writeSync(file, batch);
      batch = "";
    }
  }
  writeSync(file, batch + tail);
  closeSync(file);
  return path;
}

async function asFile(path: string): Promise<ChatFile> {
  const open = () => createReadStream(path, { highWaterMark: 1 << 18 });
  const fileName = basename(path);
  return {
    path,
    label: fileName,
    name: fileName,
    folders: ["bench"],
    sizeBytes: (await stat(path)).size,
    open,
  };
}
