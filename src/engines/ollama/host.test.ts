import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { text } from "node:stream/consumers";
import { Unavailable, Unsupported } from "../../errors.js";
import { openOllama } from "./host.js";

// What a real 0.6.5 does is tested in test/into-ollama.ollama.ts; here are other versions, and failures.

type Answer = (path: string, body: string, response: ServerResponse) => void;

/** An Ollama that answers as told, but for its version. */
async function fake(version: string, answer: Answer) {
  const asked: string[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    void reply(request, response);
  });
  const reply = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    asked.push(`${request.method} ${request.url}`);
    if (request.url === "/api/version") response.end(JSON.stringify({ version }));
    else answer(request.url!, body, response);
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => new Promise((resolve) => server.close(resolve));
  return { url, asked, close };
}

const refuse: Answer = (_path, _body, response) => response.writeHead(500).end('{"error":"no"}');

let folder: string;
before(async () => (folder = await mkdtemp(join(tmpdir(), "ollama-host-"))));
after(() => rm(folder, { recursive: true }));

for (const version of ["0.5.4", "0.1.32", "0.5.4-rc1"]) {
  test(`${version} is refused, as its create takes no files`, async () => {
    const server = await fake(version, refuse);
    await assert.rejects(openOllama(server.url), (error: Error) => {
      assert.ok(error instanceof Unsupported);
      assert.match(error.message, /cannot make models of files .* \(0\.5\.5 or newer\)\. Update Ollama/);
      return true;
    });
    await server.close();
  });
}

for (const version of ["0.5.5", "0.6.5", "0.33.0-rc2", "1.0.0", "0.0.0"]) {
  test(`${version} is taken`, async () => {
    const server = await fake(version, refuse);
    assert.equal((await openOllama(`${server.url}/`)).version, version);
    await server.close();
  });
}

test("a newer version tells the text that a model sees", async () => {
  let sent: Record<string, unknown> = {};
  const server = await fake("0.30.0", (_path, body, response) => {
    sent = JSON.parse(body);
    response.end(JSON.stringify({ _debug_info: { rendered_template: "<|im_start|>user\nhi" } }));
  });
  const ollama = await openOllama(server.url);
  const messages = [{ role: "user" as const, content: "hi" }];
  assert.equal(await ollama.renderChat("remy-q4", messages), "<|im_start|>user\nhi");
  assert.deepEqual(sent, { model: "remy-q4", messages, stream: false, _debug_render_only: true });
  await server.close();
});

test("0.6.5 is not asked for that text, since it would reply", async () => {
  const server = await fake("0.6.5", refuse);
  const ollama = await openOllama(server.url);
  assert.equal(await ollama.renderChat("remy-q4", []), null);
  assert.deepEqual(server.asked, ["GET /api/version"]);
  await server.close();
});

test("a file is sent once, whole and under its digest", async () => {
  const path = join(folder, "model.gguf");
  const content = "x".repeat(3_000_000);
  await writeFile(path, content);
  const kept = new Map<string, string>();
  const server = await fake("0.6.5", (path, body, response) => {
    const digest = path.slice("/api/blobs/".length);
    if (body !== "") kept.set(digest, body);
    response.writeHead(kept.has(digest) ? 201 : 404).end();
  });
  const ollama = await openOllama(server.url);
  const digest = await ollama.putBlob(path);
  assert.equal(digest, `sha256:${createHash("sha256").update(content).digest("hex")}`);
  assert.equal(kept.get(digest), content);
  assert.equal(await ollama.putBlob(path), digest);
  assert.deepEqual(server.asked.slice(1), [
    `HEAD /api/blobs/${digest}`,
    `POST /api/blobs/${digest}`,
    `HEAD /api/blobs/${digest}`,
  ]);
  await server.close();
});

test("a refusal names the status and nothing of what was said", async () => {
  const server = await fake("0.6.5", refuse);
  const ollama = await openOllama(server.url);
  await assert.rejects(ollama.chat("remy-q4", [{ role: "user", content: "secret" }], 1), (error: Error) => {
    assert.ok(error instanceof Unavailable);
    assert.match(error.message, /^serve 127\.0\.0\.1:\d+: Ollama refused \(HTTP 500\)\. /);
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
  await server.close();
});
