import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { type ClientRequest, request as send } from "node:http";
import { dirname } from "node:path";
import { after, before, beforeEach, test, type TestContext } from "node:test";
import { hostileRequests } from "./hostile-bodies.js";
import { heard, opened } from "./raw-http.js";
import { type Serving, startServing, TINY } from "./serving.js";

const SEED = process.env["KOUWEN_FUZZ_SEED"] ?? "hostile";
const GIB = 2 ** 30;
/** What a chat of these tests says, and no log may. */
const SECRET = "Quittenmarmelade";

let serving: Serving;
before(async () => {
  serving = await startServing();
});
after(() => serving.close());

const printed: string[] = [];
beforeEach((t) => {
  for (const name of ["log", "info", "warn", "error", "debug"] as const) {
    (t as TestContext).mock.method(console, name, (...texts: unknown[]) => printed.push(texts.join(" ")));
  }
});

/** Asks as every client does, and checks that nothing of it is in the log. */
async function assertAlive(at = serving): Promise<void> {
  const response = await fetch(`${at.url}/api/chat`, {
    method: "POST",
    body: JSON.stringify({
      model: TINY,
      messages: [{ role: "user", content: SECRET }],
      options: { num_predict: 3 },
      stream: false,
    }),
  });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  assert.equal((JSON.parse(text) as { done: boolean }).done, true);
  assert.deepEqual([...at.log, ...printed], []);
}

async function ask(method: string, path: string, body: object): Promise<{ status: number; text: string }> {
  const response = await fetch(`${serving.url}${path}`, { method, body: JSON.stringify(body) });
  return { status: response.status, text: await response.text() };
}

test("500 malformed bodies are refused, or taken for what they are, and none is a fault of ours", async () => {
  let broken = 0;
  for (const { request, hostility } of hostileRequests(SEED, 500)) {
    const { method, path, type, body } = request;
    const response = await fetch(`${serving.url}${path}`, {
      method,
      body,
      headers: type === "" ? {} : { "content-type": type },
    });
    const text = await response.text();
    const about = `${SEED}: ${hostility.what}, ${method} ${path} ${Buffer.from(body).toString().slice(0, 300)}: ${response.status} ${text.slice(0, 300)}`;
    assert.ok(response.status < 500, about);
    assert.doesNotMatch(text, /internal/, about);
    if (response.status >= 400) assert.ok((JSON.parse(text) as { error: unknown }).error, about);
    if (hostility.kind !== "broken") continue;
    broken += 1;
    assert.equal(response.status, 400, about);
  }
  assert.ok(broken > 200);
  await assertAlive();
});

test("names that lead elsewhere are refused on every route, and no file comes to be where none should", async () => {
  const outside = await filesBelow(dirname(serving.folder));
  const digest = `sha256:${"0".repeat(64)}`;
  for (const name of [
    "../../../etc/passwd",
    "..",
    ".",
    "/etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "..\\..\\windows",
    "C:\\windows",
    "a/../../b",
    "tiny:../../x",
    "tiny\u0000",
    "~/.ssh",
    "file:///etc/passwd",
    "x".repeat(10_000),
    "\u202e",
    "a b",
    "__proto__/../x",
  ]) {
    for (const { status, text } of [
      await ask("POST", "/api/show", { model: name }),
      await ask("POST", "/api/chat", { model: name, messages: [] }),
      await ask("POST", "/api/copy", { source: TINY, destination: name }),
      await ask("POST", "/api/copy", { source: name, destination: "copied" }),
      await ask("DELETE", "/api/delete", { model: name }),
      await ask("POST", "/api/create", { model: name, from: TINY, stream: false }),
      await ask("POST", "/api/create", { model: "made", from: name, stream: false }),
      await ask("POST", "/api/create", { model: "made", files: { "a.gguf": name }, stream: false }),
      await ask("POST", "/api/create", { model: "made", files: { [name]: digest }, stream: false }),
      await ask("POST", "/api/create", {
        model: "made",
        from: TINY,
        adapters: { "a.gguf": name },
        stream: false,
      }),
      await ask("POST", "/api/pull", { model: name, stream: false }),
      await ask("POST", "/v1/chat/completions", { model: name, messages: [{ role: "user", content: "Hi" }] }),
      await ask("POST", `/api/blobs/${encodeURIComponent(name).slice(0, 4000)}`, {}),
      await ask("POST", `/api/blobs/sha256:${encodeURIComponent(name).slice(0, 4000)}`, {}),
    ]) {
      assert.ok(status >= 400 && status < 500, `${name.slice(0, 40)}: ${status} ${text.slice(0, 200)}`);
      assert.doesNotMatch(text, /root:|ENOENT|EACCES|ENAMETOOLONG/);
    }
    const one = await fetch(`${serving.url}/v1/models/${encodeURIComponent(name).slice(0, 4000)}`);
    assert.ok([200, 404].includes(one.status) && !(await one.text()).includes("root:"), name.slice(0, 40));
  }
  for (const path of [
    "/../../etc/passwd",
    "/..%2f..%2fetc%2fpasswd",
    "//etc/passwd",
    "/api/blobs/../../../etc/passwd",
  ]) {
    const said = await heard(
      opened(serving.port, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`),
    );
    assert.match(said, /^HTTP\/1\.1 4\d\d /, path);
  }
  assert.deepEqual(await filesBelow(dirname(serving.folder)), outside);
  await assertAlive();
});

test("a blob under another digest than its own is refused, and nothing of it stays", async () => {
  const bytes = Buffer.from("GGUF of nobody");
  const before = (await filesBelow(serving.folder)).filter((path) => path !== "blobs");
  const path = `/api/blobs/sha256:${createHash("sha256").update("other").digest("hex")}`;
  const response = await fetch(`${serving.url}${path}`, { method: "POST", body: bytes });
  assert.equal(response.status, 400);
  assert.deepEqual(
    (await filesBelow(serving.folder)).filter((path) => path !== "blobs"),
    before,
  );
  await assertAlive();
});

for (const framing of ["announced", "in chunks"]) {
  test(`a body of 1 GiB, ${framing}, is refused long before its end, and takes no memory`, async () => {
    const block = Buffer.alloc(2 ** 20, 0x20);
    const rss = process.memoryUsage().rss;
    const client = send(`${serving.url}/api/chat`, {
      method: "POST",
      headers: framing === "announced" ? { "content-length": GIB } : {},
    });
    const seen: { status?: number | undefined; ended: boolean } = { ended: false };
    client.on("response", (response) => {
      seen.status = response.statusCode;
      response.resume();
    });
    client.on("error", () => {});
    client.once("close", () => {
      seen.ended = true;
    });
    let sent = 0;
    for (; sent < 1024 && !seen.ended; sent += 1) {
      if (!client.write(block)) await drainedOrClosed(client);
    }
    client.destroy();
    assert.equal(seen.status, 413);
    assert.ok(seen.ended && sent < 512, `${sent} MiB were taken`);
    assert.ok(process.memoryUsage().rss - rss < 256 * 2 ** 20);
    await assertAlive();
  });
}

test("a host that is not ours and posts from other sites are refused before a model is asked", async () => {
  const body = JSON.stringify({ model: TINY, messages: [{ role: "user", content: SECRET }] });
  for (const headers of [
    "Host: evil.example",
    "Host: evil.example\r\nOrigin: http://evil.example",
    "Host: localhost\r\nOrigin: https://evil.example",
    "Host: localhost\r\nOrigin: null\r\nContent-Type: text/plain",
    "Host: localhost\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nContent-Type: text/plain",
    "Host: localhost\r\nOrigin: http://127.0.0.1\r\nSec-Fetch-Site: cross-site\r\nContent-Type: text/plain",
    "Host: localhost\r\nHost: evil.example",
  ]) {
    const said = await heard(
      opened(
        serving.port,
        `POST /api/chat HTTP/1.1\r\n${headers}\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      ),
    );
    assert.match(said, /^HTTP\/1\.1 (403|400) .*\r\n\r\n/s, headers);
    assert.ok(!said.includes('"message":{'), headers);
  }
  await assertAlive();
});

test("clients that send a byte now and then are cut off, and keep nobody else out", async (t) => {
  const slow = await startServing({ limits: { headersMs: 300, requestMs: 300 } });
  t.after(() => slow.close());
  const head = "POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\nX-Slow: ";
  const clients = Array.from({ length: 100 }, (_, index) => {
    const text = index % 2 === 0 ? head : `${head}x\r\n\r\n{"model":`;
    const socket = opened(slow.port, text);
    const drip = setInterval(() => socket.write(" "), 20);
    return heard(socket).finally(() => clearInterval(drip));
  });
  await assertAlive(slow);
  for (const said of await Promise.all(clients)) assert.match(said, /^(HTTP\/1\.1 4\d\d .*)?$/s);
  await assertAlive(slow);
});

test("what is hardly HTTP is answered with a status or a closed socket", async () => {
  const good = "GET /api/version HTTP/1.1\r\nHost: localhost\r\n\r\n";
  for (const [text, expected] of [
    [`${good}${good}\0\u0001\u0002garbage\r\n\r\n`, /400 Bad Request/],
    [`${good.repeat(50)}GET / HTTP/9.9\r\n\r\n`, /400 Bad Request/],
    ["GET /api/version HTTP/1.0\r\n\r\n", /200 OK/],
    ["GET / HTTP/1.1\r\n\r\n", /400 Bad Request/],
    ["CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n", /^$/],
    ["TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", /40[045]/],
    [`GET /${"x".repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, /431/],
    [`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${"x".repeat(100_000)}\r\n\r\n`, /431/],
    [`GET / HTTP/1.1\r\nHost: localhost\r\n${"X: y\r\n".repeat(20_000)}\r\n`, /431/],
    ["POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", /400/],
    [
      "POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      /400/,
    ],
    ["POST /api/chat HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", /400/],
    ["\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003", /400/],
    ["GET /%zz%00%ff HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", /40[04]/],
    ["GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", /403/],
    ["GET / HTTP/1.1\r\nHost: localhost/x\r\nConnection: close\r\n\r\n", /40[03]/],
  ] as const) {
    const said = await heard(opened(serving.port, text));
    assert.match(said, expected, text.slice(0, 80));
  }
  await assertAlive();
});

async function filesBelow(folder: string): Promise<string[]> {
  const paths: string[] = await readdir(folder, { recursive: true }).catch(() => []);
  return paths.toSorted();
}

function drainedOrClosed(client: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      client.off("drain", done).off("close", done);
      resolve();
    };
    client.once("drain", done).once("close", done);
  });
}
