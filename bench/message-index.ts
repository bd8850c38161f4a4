import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadLibsql } from "../src/engines/sqlite/libsql.js";
import { openMessageIndex } from "../src/project/message-index.js";
import { searchMessages } from "../src/project/search-messages.js";
import { createRandom } from "../src/random.js";
import { message } from "../test/message.js";

// How long does the index of messages take to build, and a search in it, beside reading and parsing messages.jsonl?
//   node dist/bench/message-index.js [<messages>, 100000 by default]

const COUNT = Number(process.argv[2] ?? 100_000);
const SYLLABLES = [
  ..."的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过天去能对",
];
const SEARCHES: readonly string[][] = [["我说你"], ["我说"], ["说"], ["我", "你们去"], ["nowhere"]];
const ROUNDS = 5;

const folder = await mkdtemp(join(tmpdir(), "bench-index-"));
try {
  const paths = { messages: join(folder, "messages.jsonl"), index: join(folder, "messages.sqlite") };
  await writeMessages(paths.messages);
  const { size } = await stat(paths.messages);
  const parsed = await seconds(async () => {
    for (const line of (await readFile(paths.messages, "utf8")).split("\n"))
      if (line !== "") JSON.parse(line);
  });
  console.log(`${COUNT} messages, ${(size / 1e6).toFixed(1)} MB; read and parsed in ${parsed.toFixed(2)} s`);
  const open = await loadLibsql();
  const built = await seconds(async () => (await openMessageIndex(paths, open, unlocked)).close());
  const indexed = (await stat(paths.index)).size;
  console.log(
    `built in ${built.toFixed(2)} s, ${(built / parsed).toFixed(1)} times reading and parsing; ${(indexed / size).toFixed(2)} times as large`,
  );
  for (const words of SEARCHES) {
    const times: number[] = [];
    let matches = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const took = await seconds(async () => {
        const database = await openMessageIndex(paths, open, unlocked);
        ({ matches } = searchMessages(database, { words, contact: "", limit: 20 }));
        database.close();
      });
      times.push(took);
    }
    const median = times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)]!;
    console.log(
      `${words.join(" + ")}: ${matches} matches in ${(median * 1000).toFixed(1)} ms, ${(median / parsed).toFixed(3)} of reading and parsing`,
    );
  }
} finally {
  await rm(folder, { recursive: true });
}

async function writeMessages(path: string): Promise<void> {
  const random = createRandom(1);
  const lines: string[] = [];
  for (let at = 0; at < COUNT; at += 1) {
    const length = 2 + Math.floor(random() * 20);
    let text = "";
    for (let one = 0; one < length; one += 1) text += SYLLABLES[Math.floor(random() * SYLLABLES.length)]!;
    lines.push(JSON.stringify(message({ text, time: 1_700_000_000 + at, contact: `contact ${at % 50}` })));
  }
  await writeFile(path, `${lines.join("\n")}\n`);
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/** Nobody else is at work in the folder. */
async function unlocked(): Promise<() => Promise<void>> {
  return async () => {};
}
