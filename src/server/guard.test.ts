import assert from "node:assert/strict";
import { hostname } from "node:os";
import { test } from "node:test";
import { MalformedInput, Unsupported } from "../errors.js";
import { createApp } from "./app.js";
import type { GuardOptions } from "./guard.js";
import type { ServerParts } from "./server-parts.js";

const PARTS = { version: "0.1.0" } as ServerParts;
const KEY = "0123456789abcdef";

function ask(
  headers: Record<string, string>,
  {
    method = "GET",
    path = "/nothing",
    ...options
  }: Partial<GuardOptions> & { method?: string; path?: string } = {},
) {
  const app = createApp(PARTS, { host: "127.0.0.1", origins: [], log: () => {}, ...options });
  return app.request(path, { method, headers: { host: "localhost:11434", ...headers } });
}

async function refused(response: Response | Promise<Response>, status: number, words: RegExp): Promise<void> {
  const { status: got, headers } = await response;
  const body = (await (await response).json()) as { error: string | { message: string } };
  assert.equal(got, status);
  assert.match(headers.get("content-type")!, /^application\/json/);
  assert.match(typeof body.error === "string" ? body.error : body.error.message, words);
}

test("names that only this machine can have are its hosts, and no others are", async () => {
  const own = [
    "localhost",
    "LOCALHOST:80",
    "a.localhost:1",
    "127.0.0.1:11434",
    "127.9.8.7",
    "[::1]:11434",
    "[::1]",
  ];
  for (const host of [...own, `${hostname()}:11434`, "localhost.", "host.docker.internal:11434"]) {
    assert.equal((await ask({ host })).status, 404, host);
  }
  const foreign = [
    "evil.example",
    "localhost.evil.example:11434",
    "127.0.0.1.evil.example",
    "evil.example:localhost",
  ];
  for (const host of [
    ...foreign,
    "[fe80::1]:1",
    "192.168.1.2:11434",
    "127.0.0.1@evil.example",
    "",
    "localhost:port",
  ]) {
    await refused(ask({ host }), 403, /Host/);
  }
});

test("pages of this machine, of extensions and of programs may ask, and their origin is named back", async () => {
  for (const origin of [
    "http://127.0.0.1",
    "http://localhost:3000",
    "https://localhost",
    "http://[::1]:8080",
    "http://0.0.0.0:8080",
    "http://studio.localhost:1",
    "chrome-extension://jfgfiigpkhlkbnfnbobbkinehhfdhndo",
    "moz-extension://0b9f4f0c-4b0e-4f0a-9f0a-0b9f4f0c4b0e",
    "safari-web-extension://0B9F4F0C",
    "app://obsidian.md",
    "file://",
    "tauri://localhost",
    "capacitor://localhost",
    "vscode-webview://0abc",
    "vscode-file://vscode-app",
  ]) {
    const { status, headers } = await ask({ origin });
    assert.equal(status, 404, origin);
    assert.equal(headers.get("access-control-allow-origin"), origin);
    assert.match(headers.get("vary")!, /Origin/);
  }
  for (const origin of [
    "null",
    "",
    "https://evil.example",
    "http://localhost.evil.example",
    "http://127.0.0.1.evil.example",
    "http://evil.example#localhost",
    "http://localhost@evil.example",
    "http://127.0.0.1:1/path",
    "chrome-extension:evil",
    "web+app://x",
    "http://128.0.0.1",
  ]) {
    const response = await ask({ origin });
    assert.equal(response.headers.get("access-control-allow-origin"), null);
    await refused(response, 403, /may not use this server. Allow them with kouwen serve --origins/);
  }
});

test("sites that the person allows may ask", async () => {
  const origins = ["https://chat.example.org/", "https://*.Example.net", "http://*.example.com:8080"];
  for (const origin of ["https://chat.example.org", "https://a.b.example.net", "http://a.example.com:8080"]) {
    assert.equal((await ask({ origin }, { origins })).status, 404, origin);
  }
  for (const origin of [
    "http://chat.example.org",
    "https://example.net",
    "https://evilexample.net",
    "null",
  ]) {
    await refused(ask({ origin }, { origins }), 403, /may not use/);
  }
  for (const wrong of [
    "*",
    "https://*",
    "https://*.org",
    "chat.example.org",
    "https://chat.example.org/path",
    "null",
  ]) {
    assert.throws(
      () => createApp(PARTS, { host: "localhost", origins: [wrong], log: () => {} }),
      MalformedInput,
    );
  }
});

test("a preflight is answered with what it asked for", async () => {
  const asked = {
    origin: "chrome-extension://abc",
    "access-control-request-method": "POST",
    "access-control-request-headers": "content-type,x-stainless-lang",
    "access-control-request-private-network": "true",
    "sec-fetch-site": "cross-site",
    "sec-fetch-mode": "cors",
  };
  const { status, headers } = await ask(asked, { method: "OPTIONS", path: "/api/chat" });
  assert.equal(status, 204);
  assert.equal(headers.get("access-control-allow-origin"), asked.origin);
  assert.equal(headers.get("access-control-allow-headers"), "content-type,x-stainless-lang");
  assert.equal(headers.get("access-control-allow-private-network"), "true");
  assert.ok(Number(headers.get("access-control-max-age")) > 0);
  assert.deepEqual(headers.get("vary")!.split(/, */), ["Access-Control-Request-Headers", "Origin"]);
  await refused(ask({ ...asked, origin: "https://evil.example" }, { method: "OPTIONS" }), 403, /may not use/);
  const keyed = await ask(asked, { method: "OPTIONS", key: KEY });
  assert.equal(keyed.status, 204, "a browser sends no key with it");
});

test("what another site can send without asking is refused, whatever origin is written into it", async () => {
  const site = { "sec-fetch-site": "cross-site" };
  const origin = "http://127.0.0.1";
  for (const headers of [
    site,
    { ...site, origin, "content-type": "text/plain;charset=UTF-8" },
    { ...site, origin, "content-type": "application/x-www-form-urlencoded" },
    { ...site, "content-type": "text/plain" },
    { ...site, "content-type": "application/json" },
    { ...site, origin },
  ]) {
    await refused(ask(headers, { method: "POST", path: "/api/chat" }), 403, /another site/);
  }
  await refused(ask({ ...site, "sec-fetch-mode": "no-cors" }), 403, /another site/);
  assert.equal((await ask({ ...site, "sec-fetch-mode": "navigate" })).status, 404, "a link");
  const asked = { ...site, origin, "content-type": "application/json" };
  assert.equal((await ask(asked, { method: "POST" })).status, 404);
  const same = { "sec-fetch-site": "same-site", origin, "content-type": "text/plain" };
  assert.equal((await ask(same, { method: "POST" })).status, 404);
});

test("beyond loopback a key is needed, and every request must carry it", async () => {
  const beyond = { host: "0.0.0.0", origins: [], log: () => {} };
  assert.throws(() => createApp(PARTS, beyond), Unsupported);
  assert.throws(() => createApp(PARTS, { ...beyond, key: "short" }), /^MalformedInput: (?!.*short)/);
  assert.throws(() => createApp(PARTS, { ...beyond, key: "sixteen letters and spaces" }), MalformedInput);
  const origin = "http://localhost:3000";
  for (const authorization of [
    "",
    `Bearer ${KEY}0`,
    "Bearer ",
    KEY,
    `Basic ${KEY}`,
    `Bearer ${KEY.toUpperCase()}`,
  ]) {
    const response = await ask({ authorization, origin }, { host: "0.0.0.0", key: KEY });
    assert.equal(response.headers.get("www-authenticate"), "Bearer");
    assert.equal(response.headers.get("access-control-allow-origin"), origin, "the page can read why");
    await refused(response, 401, /API key/);
  }
  const right = { authorization: `bearer ${KEY}`, host: "models.example.org" };
  assert.equal((await ask(right, { host: "0.0.0.0", key: KEY })).status, 404);
  await refused(ask({ ...right, origin: "https://evil.example" }, { key: KEY }), 403, /may not use/);
});

test("refusals and missing paths have the shape of the API that was called", async () => {
  const missing = await ask({}, { path: "/api/nothing" });
  assert.equal(missing.headers.get("content-type")!.split(";")[0], "text/plain");
  assert.equal(await missing.text(), "404 page not found");
  const openAi = await ask({}, { path: "/v1/nothing" });
  assert.equal(openAi.status, 404);
  assert.deepEqual(await openAi.json(), {
    error: { message: "there is no such path", type: "not_found_error", param: null, code: null },
  });
  assert.equal(await (await ask({}, { path: "/v1/api/nothing" })).text(), "404 page not found");
  const refusal = await ask({}, { path: "/v1/models", key: KEY });
  assert.equal(((await refusal.json()) as { error: { type: string } }).error.type, "invalid_request_error");
});

test("a fault of our own is logged by its place only", async () => {
  const lines: string[] = [];
  const app = createApp(PARTS, { host: "localhost", origins: [], log: (line) => lines.push(line) });
  app.get("/fault", () => JSON.parse("Buy milk for Ada") as Response);
  const response = await app.request("/fault", { headers: { host: "localhost" } });
  assert.equal(response.status, 500);
  assert.doesNotMatch(await response.text(), /milk|Buy/);
  assert.equal(lines.length, 1);
  assert.match(lines[0]!, /^serve: internal error: SyntaxError < .*guard\.test\.js:\d+:\d+/);
  assert.doesNotMatch(lines[0]!, /milk|Buy|\//);
});
