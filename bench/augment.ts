import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { augment } from "../src/augment/augment.js";
import { augmentSettings } from "../src/augment/settings.js";
import type { Dialogue } from "../src/dialogue/dialogue.js";
import { openApi } from "../src/engines/llm-api/open-api.js";
import { writeJsonLines } from "../src/files.js";

// Do 16 requests at a time keep an API that takes L for each answer as busy as can be: 16 / L dialogues a second?
//   node dist/bench/augment.js [<L in milliseconds>, 1000 by default] [<dialogues>, 320 by default]
// The server has a process of its own, so that its work is not counted as ours. The first 16 load code and open connections,
// and are told apart.

const PARALLEL = 16;

if (process.send === undefined)
  await measure(Number(process.argv[2] ?? 1000), Number(process.argv[3] ?? 320));
else serve(Number(process.argv[2]));

async function measure(latencyMs: number, count: number): Promise<void> {
  const server = fork(fileURLToPath(import.meta.url), [String(latencyMs)]);
  const folder = await mkdtemp(join(tmpdir(), "bench-augment-"));
  try {
    const [port] = (await once(server, "message")) as [number];
    const llm = openApi({ url: `http://127.0.0.1:${port}/v1`, model: "m", key: "" }, "augment");
    const settings = augmentSettings.parse({ parallel: PARALLEL });
    const paths = { dialogues: join(folder, "dialogues.jsonl"), out: folder };
    const secondsFor = async (made: Dialogue[]): Promise<number> => {
      await writeJsonLines(paths.dialogues, "augment", made);
      const begin = performance.now();
      const { augmented } = await augment(paths, settings, llm);
      if (augmented !== made.length) throw new Error(`${augmented} of ${made.length} were completed`);
      return (performance.now() - begin) / 1000;
    };
    const first = Array.from({ length: PARALLEL }, (_, index) => dialogueOf(count + index));
    const firstSeconds = await secondsFor(first);
    const seconds = await secondsFor(Array.from({ length: count }, (_, index) => dialogueOf(index)));
    const most = PARALLEL / (latencyMs / 1000);
    const ratio = count / seconds / most;
    console.log(
      `${count} dialogues in ${seconds.toFixed(2)} s: ${(count / seconds).toFixed(1)} a second, ` +
        `${(100 * ratio).toFixed(1)} % of ${PARALLEL} / ${latencyMs} ms; the first ${PARALLEL} before took ${firstSeconds.toFixed(2)} s`,
    );
  } finally {
    server.kill();
    await rm(folder, { recursive: true });
  }
}

function dialogueOf(index: number): Dialogue {
  return {
    id: index.toString(16).padStart(16, "0"),
    contact: "June",
    time: null,
    split: "train",
    system: null,
    turns: [
      { role: "user", text: `where are you, number ${index}?`, origin: "real", weight: 0 },
      { role: "assistant", text: "nearly there\n5 min", origin: "real", weight: 1 },
    ],
  };
}

/** Answers each request after the latency with the fragment completed, streamed in the wire format. */
function serve(latencyMs: number): void {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { messages } = JSON.parse(Buffer.concat(chunks).toString()) as {
        messages: { content: string }[];
      };
      const fragment = JSON.parse(messages[1]!.content) as object[];
      const list = [
        { role: "user", content: "so about tonight" },
        { role: "assistant", content: "what about it" },
        ...fragment,
        { role: "user", content: "ok cool" },
        { role: "assistant", content: "see you" },
      ];
      setTimeout(() => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write(event({ choices: [{ index: 0, delta: { content: JSON.stringify(list) } }] }));
        response.write(event({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }));
        response.write(event({ choices: [], usage: { prompt_tokens: 400, completion_tokens: 90 } }));
        response.end("data: [DONE]\n\n");
      }, latencyMs);
    });
  });
  server.listen(0, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo;
    process.send!(port);
  });
}

function event(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}
