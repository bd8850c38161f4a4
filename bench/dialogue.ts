import { createReadStream, createWriteStream } from "node:fs";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { readPersona } from "../personas/read.js";
import { dialogue } from "../src/dialogue/cut-dialogues.js";
import { dialogueSettings } from "../src/dialogue/settings.js";
import { packageRoot } from "../src/project/paths.js";
import { createRandom, normal } from "../src/random.js";
import type { Message } from "../src/import/message.js";

// How long does it take to make dialogues of many messages, beside reading the file's bytes and parsing its lines?
//   node dist/bench/dialogue.js [<messages>…]
// Every way runs in a process of its own; memory is the most that it ever had resident.

const CONTACTS = 50;
const ROUNDS = 2;

const [command, ...rest] = process.argv.slice(2);
if (command === "read") await measure(() => readBytes(rest[0]!));
else if (command === "parse") await measure(() => parseLines(rest[0]!));
else if (command === "dialogue") await measure(() => makeAll(rest[0]!, rest[1]!));
else await compare(command === undefined ? [100_000, 1_000_000] : [command, ...rest].map(Number));

async function measure(work: () => Promise<unknown>): Promise<void> {
  const started = performance.now();
  const result = await work();
  const seconds = (performance.now() - started) / 1000;
  const mib = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ seconds, mib, result }));
}

async function readBytes(path: string): Promise<void> {
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    bytes += (chunk as Buffer).length;
  }
  if (bytes !== (await stat(path)).size) throw new Error("not all was read");
}

/** Keeps what it parses, as whoever works on all messages has to. */
async function parseLines(path: string): Promise<void> {
  const messages: unknown[] = [];
  let rest = "";
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, encoding: "utf8" })) {
    const lines = (rest + (chunk as string)).split("\n");
    rest = lines.pop()!;
    for (const line of lines) messages.push(JSON.parse(line));
  }
}

function makeAll(messages: string, out: string): Promise<unknown> {
  return dialogue({ messages, out }, dialogueSettings.parse({}));
}

type Measured = { seconds: number; mib: number; result?: { dialogues: unknown } };

async function compare(sizes: number[]): Promise<void> {
  console.log(`load before ${loadavg()[0]!.toFixed(2)}, Node ${process.version}`);
  const home = await mkdtemp(join(tmpdir(), "kouwen-bench-"));
  try {
    for (const size of sizes) {
      const path = join(home, "messages.jsonl");
      await writeMessages(path, size);
      const megabytes = (await stat(path)).size / 1e6;
      console.log(`${size} messages, ${megabytes.toFixed(0)} MB`);
      const best: Partial<Record<string, Measured>> = {};
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const way of ["read", "parse", "dialogue"]) {
          const out = join(home, "out");
          await mkdir(out, { recursive: true });
          const measured = await inOwnProcess([way, path, out]);
          if (!best[way] || measured.seconds < best[way].seconds) best[way] = measured;
        }
      }
      for (const [way, measured] of Object.entries(best)) {
        const { seconds, mib, result } = measured!;
        const ratio = seconds / best["parse"]!.seconds;
        const shown = result ? ` ${JSON.stringify(result.dialogues)}` : "";
        console.log(
          `  ${way.padEnd(9)} ${seconds.toFixed(2)} s, ${ratio.toFixed(2)} of parsing, ${mib.toFixed(0)} MiB${shown}`,
        );
      }
    }
  } finally {
    await rm(home, { recursive: true });
  }
}

async function inOwnProcess(args: string[]): Promise<Measured> {
  const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(import.meta.url), ...args], {
    maxBuffer: 1 << 26,
  });
  return JSON.parse(stdout) as Measured;
}

/** Chats in which the personas' bubbles, whole and in halves put together anew, come in sittings. */
async function writeMessages(path: string, count: number): Promise<void> {
  const texts: string[] = [];
  for (const name of ["aze", "remy", "wren"]) {
    const { sessions } = await readPersona(join(packageRoot, "personas", name));
    texts.push(...sessions.flatMap(({ bubbles }) => bubbles.map(({ text }) => text)));
  }
  const random = createRandom("bench dialogue");
  const part = (text: string) => text.slice(0, 1 + Math.floor(random() * text.length));
  const pick = () => texts[Math.floor(random() * texts.length)]!;
  const file = createWriteStream(path);
  let time = 0;
  let owner = false;
  let batch = "";
  for (let at = 0; at < count; at += 1) {
    const contact = Math.floor((at * CONTACTS) / count);
    if (at === 0 || contact !== Math.floor(((at - 1) * CONTACTS) / count)) time = 1_400_000_000;
    time += Math.ceil((random() < 0.1 ? 14_400 : 20) * Math.exp(normal(random)));
    if (random() < 0.6) owner = !owner;
    const media = random() < 0.04;
    const words = random() < 0.3 ? pick() : `${part(pick())} ${part(pick())}`;
    const message: Message = {
      id: at.toString(16).padStart(16, "0"),
      source: "bench",
      contact: `contact ${contact}`,
      session: null,
      sender: owner ? "me" : `contact ${contact}`,
      owner,
      time,
      kind: media ? "image" : "text",
      text: media ? "[图片]" : words,
      replyTo: null,
      originalType: null,
    };
    batch += `${JSON.stringify(message)}\n`;
    if (batch.length > 1 << 20) {
      if (!file.write(batch)) await once(file, "drain");
      batch = "";
    }
  }
  file.end(batch);
  await once(file, "finish");
}
