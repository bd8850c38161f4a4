import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { HttpError } from "../http-error.js";
import { jsonLines } from "./json-lines.js";

function appOf(objects: (signal: AbortSignal) => AsyncGenerator<object, void>): Hono {
  const app = new Hono().get("/", (context) => jsonLines(context, objects));
  app.onError((error, context) => context.text(error.message, 418));
  return app;
}

test("each object is one write with its line break, and asked for only when the last was taken", async () => {
  let asked = 0;
  const app = appOf(async function* () {
    for (;;) yield { line: (asked += 1) };
  });
  const reader = (await app.request("/")).body!.getReader();
  for (let line = 1; line < 4; line += 1) {
    assert.equal(Buffer.from((await reader.read()).value ?? []).toString(), `{"line":${line}}\n`);
    assert.equal(asked, line);
  }
  await reader.cancel();
});

test("an error in place of the first object is thrown; a later one is the last line", async () => {
  const early = appOf(async function* () {
    throw new HttpError(400, "early");
    // oxlint-disable-next-line no-unreachable
    yield {};
  });
  assert.equal((await early.request("/")).status, 418);
  const late = appOf(async function* () {
    yield { line: 1 };
    throw new HttpError(400, "late");
  });
  const response = await late.request("/");
  assert.deepEqual([response.status, await response.text()], [200, '{"line":1}\n{"error":"late"}\n']);
});

test("a client that hangs up ends the source, also while it waits and before the first object", async () => {
  for (const before of [0, 1]) {
    const ended = new Promise<string>((resolve) => {
      const app = appOf(async function* (signal) {
        try {
          for (let line = 0; line < before; line += 1) yield { line };
          started();
          await once(signal, "abort");
          signal.throwIfAborted();
        } finally {
          resolve("ended");
        }
      });
      const client = new AbortController();
      const started = () => client.abort();
      const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }: AddressInfo) => {
        const reading = fetch(`http://127.0.0.1:${port}/`, { signal: client.signal });
        void reading.then((response) => response.text()).catch(() => server.close());
      });
    });
    assert.equal(await ended, "ended");
  }
});
