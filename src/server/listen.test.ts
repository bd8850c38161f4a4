import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { Hono } from "hono";
import { z } from "zod";
import { heard, opened } from "../../test/raw-http.js";
import { MalformedInput, Unavailable } from "../errors.js";
import { describeError } from "./http-error.js";
import { type Limits, listen } from "./listen.js";
import { readBody } from "./read-body.js";

const MIB = 2 ** 20;

async function start(t: TestContext, app: Hono, limits: Partial<Limits> = {}) {
  const server = await listen(app, { host: "127.0.0.1", port: 0, limits: { closeMs: 10, ...limits } });
  t.after(() => server.close());
  return server;
}

/** Takes `{"text": "…"}`, says how long the text is. */
function counting(): Hono {
  const app = new Hono();
  app.post("*", async (context) =>
    context.json({ length: (await readBody(context, z.object({ text: z.string() }))).text.length }),
  );
  app.get("/", (context) => context.text("here"));
  app.onError((error, context) => {
    const { status, message } = describeError(error);
    return context.json({ error: message }, status as 400);
  });
  return app;
}

test("a server says where it is, answers, and ends at once when nobody waits for an answer", async (t) => {
  const server = await start(t, counting());
  assert.equal(server.url, `http://127.0.0.1:${server.port}`);
  // The connection is kept, as every client does.
  assert.equal(await (await fetch(server.url)).text(), "here");
  await server.close();
  await assert.rejects(fetch(server.url));
});

test("an answer that is running has a while to end when the server is closed, and then is cut", async (t) => {
  const app = new Hono();
  let tellAborted: () => void;
  const aborted = new Promise<void>((resolve) => (tellAborted = resolve));
  app.get("/long", (context) => {
    context.req.raw.signal.addEventListener("abort", () => tellAborted());
    return new Response(
      new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from("begin")) }),
    );
  });
  const server = await start(t, app);
  const response = await fetch(`${server.url}/long`);
  await server.close();
  await assert.rejects(response.text());
  await aborted;
});

test("a port that is taken, and a host that is elsewhere, are told in one line", async (t) => {
  const { port } = await start(t, counting());
  await assert.rejects(listen(counting(), { host: "127.0.0.1", port }), (error: Error) => {
    assert.ok(error instanceof Unavailable);
    assert.match(
      error.message,
      new RegExp(`^serve 127.0.0.1:${port}: another program has this port.*--port\\.$`),
    );
    return true;
  });
  await assert.rejects(listen(counting(), { host: "203.0.113.1", port: 0 }), MalformedInput);
});

test("a body that is announced too long is refused before it is sent", async (t) => {
  const { port } = await start(t, counting());
  const head = `POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nExpect: 100-continue\r\n`;
  const long = await heard(opened(port, `${head}Content-Length: ${2 ** 30}\r\n\r\n`));
  assert.match(long, /^HTTP\/1\.1 413 .*\r\n\r\n\{"error":"the body is longer than 16 MiB/s);
  const fit = await heard(opened(port, `${head}Content-Length: 13\r\n\r\n{"text":"abc"}`));
  assert.match(fit, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 /);
});

test("a body that turns out too long is refused where the limit is", async (t) => {
  const { url } = await start(t, counting());
  const fits = await fetch(url, { method: "POST", body: JSON.stringify({ text: "a".repeat(15 * MIB) }) });
  assert.deepEqual(await fits.json(), { length: 15 * MIB });
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (sent === 1024) return controller.close();
      sent += 1;
      controller.enqueue(Buffer.alloc(MIB, 0x20));
    },
  });
  const init = { method: "POST", body, duplex: "half" } as RequestInit;
  const status = await fetch(url, init).then(
    (response) => response.status,
    () => 413,
  );
  assert.equal(status, 413);
  assert.ok(sent < 200, `${sent} MiB were read`);
});

test("bodies that are no UTF-8, no JSON, too deep, or something else are told", async (t) => {
  const { url } = await start(t, counting());
  for (const [body, words] of [
    ["", /missing request body/],
    [" \n", /missing request body/],
    [Buffer.from([0x22, 0xff, 0x22]), /no UTF-8/],
    ['{"text":', /no JSON/],
    ["[".repeat(200_000), /deeper than 100/],
    ['{"text":1}', /^text: /],
    ["null", /^body: /],
  ] as const) {
    const response = await fetch(url, { method: "POST", body });
    assert.equal(response.status, 400);
    assert.match(((await response.json()) as { error: string }).error, words);
  }
});

test("headers and bodies that take too long end the connection, and a long answer does not", async (t) => {
  const app = counting();
  let finish: (() => void) | undefined;
  app.get("/long", () => {
    const body = new ReadableStream({
      start: (controller) => {
        controller.enqueue(Buffer.from("begin "));
        finish = () => {
          controller.enqueue(Buffer.from("end"));
          controller.close();
        };
      },
    });
    return new Response(body);
  });
  const { url, port } = await start(t, app, { headersMs: 150, requestMs: 150 });
  const answer = await fetch(`${url}/long`);
  const slow = Array.from({ length: 20 }, () => heard(opened(port, "GET / HTTP/1.1\r\nHost: loc")));
  const body = heard(opened(port, 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"te'));
  for (const said of await Promise.all(slow)) assert.match(said, /^(HTTP\/1\.1 408 .*)?$/s);
  assert.equal(await body, "");
  finish!();
  assert.equal(await answer.text(), "begin end");
});

test("headers beyond the limit and requests that are none are answered so, and no more connections are taken than is said", async (t) => {
  const { port } = await start(t, counting(), { connections: 2 });
  const big = `GET / HTTP/1.1\r\nHost: localhost\r\nX-Big: ${"x".repeat(17_000)}\r\n\r\n`;
  assert.match(await heard(opened(port, big)), /^HTTP\/1\.1 431 /);
  assert.match(await heard(opened(port, "\0\u0001garbage\r\n\r\n")), /^HTTP\/1\.1 400 /);
  const old = await heard(opened(port, "GET / HTTP/1.0\r\n\r\n"));
  assert.match(old, /^HTTP\/1\.1 200 .*here$/s);
  const kept = [0, 1].map(() => opened(port, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  await Promise.all(kept.map((socket) => new Promise((resolve) => socket.once("data", resolve))));
  assert.equal(await heard(opened(port, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")), "");
  for (const socket of kept) socket.destroy();
  await Promise.all(kept.map((socket) => new Promise((resolve) => socket.once("close", resolve))));
});
