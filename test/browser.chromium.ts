import assert from "node:assert/strict";
import { access, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { type Serving, startServing, TINY } from "./serving.js";

// Needs a Chromium: its path in CHROMIUM, or `chromium` on the PATH.
const EVIL = "evil.example";
const HOSTS: Record<string, string[]> = { "with-hosts": ["http://*/*"], "without-hosts": [] };

/** Asks for a chat as a page does, and gives the status and all text; the code runs in the page. */
const CHAT = `async (base, init) => {
  const response = await fetch(base + "/api/chat", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      model: ${JSON.stringify(TINY)},
      messages: [{ role: "user", content: "Hi" }],
      options: { num_predict: 8 },
    }),
    ...init,
  });
  return { status: response.status, text: await response.text() };
}`;

type Answer = { status: number; text: string };

let serving: Serving;
let pages: Server;
let folder: string;
let browser: BrowserContext;
const leased: string[] = [];

before(async () => {
  serving = await startServing();
  const lease = serving.pool.lease.bind(serving.pool);
  serving.pool.lease = (served, options) => {
    leased.push(served.name);
    return lease(served, options);
  };
  pages = createServer((_, response) => response.setHeader("content-type", "text/html").end("<p>a page</p>"));
  await new Promise<void>((resolve) => pages.listen(0, "127.0.0.1", resolve));
  folder = await mkdtemp(join(tmpdir(), "chromium-"));
  const extensions = await Promise.all(
    Object.entries(HOSTS).map(([name, hosts]) => writeExtension(name, hosts)),
  );
  browser = await chromium.launchPersistentContext(join(folder, "profile"), {
    executablePath: process.env["CHROMIUM"] ?? (await onPath("chromium")),
    headless: true,
    ignoreDefaultArgs: ["--disable-extensions"],
    args: [
      "--no-sandbox",
      `--disable-extensions-except=${extensions.join(",")}`,
      `--load-extension=${extensions.join(",")}`,
      `--host-resolver-rules=MAP ${EVIL} 127.0.0.1`,
    ],
  });
});
after(async () => {
  await browser?.close();
  pages?.close();
  await serving?.close();
  await rm(folder, { recursive: true, force: true });
});

test("a page of another server on this machine streams a chat", async () => {
  for (const host of ["127.0.0.1", "localhost"]) {
    const page = await open(`http://${host}:${port(pages)}/`);
    assertChatted(await chat(page));
    await page.close();
  }
});

for (const name of Object.keys(HOSTS)) {
  test(`a page of an extension ${name} permission streams a chat`, async () => {
    const page = await extensionPage(name);
    assert.match(await page.evaluate("location.origin"), /^chrome-extension:\/\/[a-p]{32}$/);
    assertChatted(await chat(page));
    await page.close();
  });
}

test("with the Origin rewritten as Page Assist does, its pages may chat and those of other sites may not", async () => {
  const page = await extensionPage("with-hosts");
  await page.evaluate(`chrome.declarativeNetRequest.updateDynamicRules({
    removeRuleIds: [1],
    addRules: [{
      id: 1,
      priority: 1,
      condition: { requestDomains: ["127.0.0.1"] },
      action: {
        type: "modifyHeaders",
        requestHeaders: [{ header: "Origin", operation: "set", value: "http://127.0.0.1" }],
      },
    }],
  })`);
  assertChatted(await chat(page));
  const evil = await open(`http://${EVIL}:${port(pages)}/`);
  leased.length = 0;
  await assert.rejects(chat(evil), "the answer names another origin than the page has");
  await assert.rejects(chat(evil, { headers: { "content-type": "text/plain" } }));
  await chat(evil, { mode: "no-cors", headers: {} });
  assert.deepEqual(leased, [], "no model was asked");
  await evil.close();
  await page.evaluate("chrome.declarativeNetRequest.updateDynamicRules({ removeRuleIds: [1] })");
  await page.close();
});

test("a page of another site cannot read, and nothing that it posts is done", async () => {
  const evil = await open(`http://${EVIL}:${port(pages)}/`);
  leased.length = 0;
  await assert.rejects(chat(evil));
  await assert.rejects(chat(evil, { headers: {} }));
  assert.deepEqual(await chat(evil, { mode: "no-cors", headers: {} }), { status: 0, text: "" });
  const posted = evil.waitForResponse(`${serving.url}/api/chat`);
  await evil.evaluate(`{
    const form = document.createElement("form");
    form.method = "POST";
    form.enctype = "text/plain";
    form.action = "${serving.url}/api/chat";
    form.innerHTML = '<input name=\\'{"model":"${TINY}","messages":[{"role":"user","content":"\\' value=\\'"}]}\\'>';
    document.body.append(form);
    form.submit();
  }`);
  assert.equal((await posted).status(), 403);
  assert.deepEqual(leased, []);
  await evil.close();
});

test("a name that points to this machine is not let in, though the page is of the same origin", async () => {
  const evil = await browser.newPage();
  const response = await evil.goto(`http://${EVIL}:${serving.port}/`);
  assert.equal(response!.status(), 403);
  leased.length = 0;
  const { status, text } = await chat(evil, {}, `http://${EVIL}:${serving.port}`);
  assert.equal(status, 403);
  assert.match(text, /Host/);
  assert.deepEqual(leased, []);
  await evil.close();
});

function chat(page: Page, init: object = {}, base = serving.url): Promise<Answer> {
  return page.evaluate(`(${CHAT})(${JSON.stringify(base)}, ${JSON.stringify(init)})`);
}

function assertChatted({ status, text }: Answer): void {
  assert.equal(status, 200, text);
  const lines = text.trimEnd().split("\n");
  assert.equal((JSON.parse(lines.at(-1)!) as { done: boolean }).done, true);
}

async function open(url: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(url);
  return page;
}

function port(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Writes an unpacked extension with a page and a worker. */
async function writeExtension(name: string, hosts: string[]): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  const manifest = {
    manifest_version: 3,
    name,
    version: "1",
    permissions: ["declarativeNetRequest"],
    host_permissions: hosts,
    background: { service_worker: "worker.js" },
  };
  await writeFile(join(path, "manifest.json"), JSON.stringify(manifest));
  await writeFile(join(path, "worker.js"), "");
  await writeFile(join(path, "page.html"), `<title>${name}</title>`);
  return path;
}

/** A page of an extension, whose id is found by its worker. */
async function extensionPage(name: string): Promise<Page> {
  for (;;) {
    for (const worker of browser.serviceWorkers()) {
      const found = await worker.evaluate("chrome.runtime.getManifest().name");
      if (found === name) return open(new URL("/page.html", worker.url()).href);
    }
    await browser.waitForEvent("serviceworker");
  }
}

async function onPath(name: string): Promise<string> {
  for (const each of (process.env["PATH"] ?? "").split(":")) {
    const path = join(each, name);
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  throw new Error(`there is no ${name} on the PATH; name one by CHROMIUM`);
}
