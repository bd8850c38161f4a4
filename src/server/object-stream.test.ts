import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { faultLog } from "./fault-log.js";
import { HttpError } from "./http-error.js";
import { eventStream, jsonLines } from "./object-stream.js";

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

test("events close with a word of their own, unless one failed; the error has the shape of the API", async () => {
  const app = new Hono()
    .get("/v1/whole", (context) => eventStream(context, () => numbers(1)))
    .get("/v1/cut", (context) => eventStream(context, () => numbers(1, new HttpError(400, "late"))));
  const whole = await app.request("/v1/whole");
  assert.equal(await whole.text(), 'data: {"line":0}\n\ndata: [DONE]\n\n');
  const [, event, ...rest] = (await (await app.request("/v1/cut")).text()).split("\n\n");
  assert.deepEqual(rest, [""]);
  assert.equal(
    (JSON.parse(event!.replace("data: ", "")) as { error: { message: string } }).error.message,
    "late",
  );
});

test("a fault of our own is logged by its kind and place wherever it comes, and what a client did is not", async () => {
  const lines: string[] = [];
  const app = new Hono()
    .use(faultLog((line) => lines.push(line)))
    .get("/:stream/:count", (context) => {
      const objects = () => numbers(Number(context.req.param("count")), new RangeError("secret"));
      return (context.req.param("stream") === "lines" ? jsonLines : eventStream)(context, objects);
    })
    .get("/refused", (context) => jsonLines(context, () => numbers(1, new HttpError(400, "secret"))));
  app.onError((_, context) => context.text("failed", 500));
  for (const path of ["/lines/0", "/lines/1", "/events/0", "/events/1", "/refused"]) {
    const said = await (await app.request(path)).text();
    if (path !== "/refused") assert.doesNotMatch(said, /secret/);
  }
  assert.equal(lines.length, 4);
  for (const line of lines) {
    assert.match(line, /^serve: internal error: RangeError < .*object-stream\.test\.js:\d+:\d+/);
    assert.doesNotMatch(line, /secret/);
  }
});

test("a client that goes before it reads a word frees what the answer holds", async () => {
  const client = new AbortController();
  let freed = false;
  const app = appOf(async function* () {
    try {
      for (let line = 0; ; line += 1) yield { line };
    } finally {
      freed = true;
    }
  });
  await app.request(new Request("http://localhost/", { signal: client.signal }));
  client.abort();
  await new Promise(setImmediate);
  assert.ok(freed);
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

async function* numbers(count: number, error?: Error): AsyncGenerator<object, void> {
  for (let line = 0; line < count; line += 1) yield { line };
  if (error) throw error;
}
