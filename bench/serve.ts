import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { Ollama } from "ollama";
import { startOllama } from "../test/real-ollama.js";

// How long until the first token, and how many tokens a second after it, beside a real Ollama 0.6.5 built for this
// processor, on the same GGUF and with the same threads?
//   node dist/bench/serve.js <project folder> [<rounds>]
// Both run as programs of their own and answer in turns; prompts are new each time, so that neither has seen them.

const THREADS = 2;
const ANSWER_TOKENS = 64;
const SIDE_BY_SIDE = 4;

type Reading = { firstMs: number; tokensPerSecond: number };
type Peer = { name: string; client: Ollama; model: string };

const [project = "", rounds = "8"] = process.argv.slice(2);

const home = await mkdtemp(join(tmpdir(), "bench-serve-"));
const real = await startOllama({ env: { OLLAMA_NUM_PARALLEL: String(SIDE_BY_SIDE) } });
const ours = await startOurs();
try {
  for (const file of ["model-q4_k_m.gguf", "model-f16.gguf"]) {
    const peers = [
      {
        name: "ollama",
        client: new Ollama({ host: real.url }),
        model: await upload(real.url, join(project, file)),
      },
      {
        name: "kouwen",
        client: new Ollama({ host: ours.url }),
        model: await upload(ours.url, join(project, file)),
      },
    ];
    for (const peer of peers) await ask(peer, "warm up", ANSWER_TOKENS);
    console.log(`\n${file}, ${THREADS} threads, load ${loadavg()[0]!.toFixed(1)}`);
    for (const length of [30, 400]) await compare(peers, `a prompt of ${length} words`, length, 1);
    await compare(peers, `${SIDE_BY_SIDE} at once, prompts of 30 words`, 30, SIDE_BY_SIDE);
    for (const { client, model } of peers) await client.generate({ model, prompt: "", keep_alive: 0 });
  }
} finally {
  await real.close();
  await ours.close();
  await rm(home, { recursive: true, force: true });
}

async function compare(peers: readonly Peer[], what: string, words: number, atOnce: number): Promise<void> {
  const readings = new Map<string, Reading[]>(peers.map(({ name }) => [name, []]));
  for (let round = 0; round < Number(rounds); round += 1) {
    // Who begins changes, as a machine's other programs come and go.
    for (const peer of round % 2 === 0 ? peers : peers.toReversed()) {
      const prompts = Array.from({ length: atOnce }, (_, at) => prompt(words, `${round} ${at} ${peer.name}`));
      const begin = performance.now();
      const answers = await Promise.all(prompts.map((text) => ask(peer, text, ANSWER_TOKENS)));
      const seconds = (performance.now() - begin) / 1000;
      const tokens = answers.reduce((sum, each) => sum + each.tokens, 0);
      const first = answers.reduce((sum, each) => sum + each.firstMs, 0) / atOnce;
      const rate = atOnce > 1 ? tokens / seconds : answers[0]!.tokensPerSecond;
      readings.get(peer.name)!.push({ firstMs: first, tokensPerSecond: rate });
    }
  }
  const [theirs, own] = peers.map(({ name }) => {
    const all = readings.get(name)!;
    return {
      firstMs: median(all.map((each) => each.firstMs)),
      rate: median(all.map((each) => each.tokensPerSecond)),
    };
  });
  console.log(
    `${what}: first token ${own!.firstMs.toFixed(0)} ms and ${theirs!.firstMs.toFixed(0)} (${(theirs!.firstMs / own!.firstMs).toFixed(2)} x as fast), ` +
      `tokens/s ${own!.rate.toFixed(1)} and ${theirs!.rate.toFixed(1)} (${(own!.rate / theirs!.rate).toFixed(2)} x)`,
  );
}

async function ask(peer: Peer, text: string, tokens: number): Promise<Reading & { tokens: number }> {
  const begin = performance.now();
  let first: number | undefined;
  let count = 0;
  const stream = await peer.client.generate({
    model: peer.model,
    prompt: text,
    raw: true,
    stream: true,
    options: { num_predict: tokens, num_thread: THREADS, temperature: 0.8, seed: 1, num_ctx: 2048 },
  });
  for await (const part of stream) {
    first ??= performance.now();
    if (part.done) count = part.eval_count;
  }
  const end = performance.now();
  return { firstMs: first! - begin, tokensPerSecond: (1000 * (count - 1)) / (end - first!), tokens: count };
}

/** Words in an order that no earlier prompt began with. */
function prompt(words: number, seed: string): string {
  const text = createHash("sha256").update(seed).digest("hex");
  const some = [
    "tea",
    "rain",
    "train",
    "music",
    "late",
    "home",
    "bread",
    "cold",
    "light",
    "river",
    "shoes",
    "letter",
  ];
  return Array.from(
    { length: words },
    (_, at) => some[(text.charCodeAt(at % 64) + at * 7) % some.length],
  ).join(" ");
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Has a server make a model of a file; its name. */
async function upload(url: string, path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  const digest = `sha256:${hash.digest("hex")}`;
  const body = Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>;
  await fetch(`${url}/api/blobs/${digest}`, { method: "POST", body, duplex: "half" });
  const model = `bench-${digest.slice(7, 15)}`;
  const made = await fetch(`${url}/api/create`, {
    method: "POST",
    body: JSON.stringify({ model, files: { "model.gguf": digest }, stream: false }),
  });
  if (!made.ok) throw new Error(`${url}: ${await made.text()}`);
  return model;
}

async function startOurs(): Promise<{ url: string; close: () => Promise<void> }> {
  const main = fileURLToPath(new URL("../src/cli/main.js", import.meta.url));
  const child = spawn(process.execPath, [main, "serve", "--port", "0", "--json"], {
    env: { ...process.env, KOUWEN_HOME: home },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const { url } = JSON.parse(line.toString()) as { url: string };
  return {
    url,
    close: async () => {
      child.kill("SIGINT");
      await once(child, "exit");
    },
  };
}
