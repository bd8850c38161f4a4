import assert from "node:assert/strict";
import { test } from "node:test";
import { Hono } from "hono";
import { clientOf } from "./client-of.js";

type Client = { address?: string; headers?: Record<string, string>; user?: string | null };

async function told({ address = "127.0.0.1", headers = {}, user }: Client): Promise<string> {
  const app = new Hono().get("/", (context) => context.text(clientOf(context, user)));
  const response = await app.request("/", { headers }, { incoming: { socket: { remoteAddress: address } } });
  return response.text();
}

test("clients differ by address, page, program and person, and by nothing else", async () => {
  const clients: Client[] = [
    {},
    { address: "192.168.1.2" },
    { headers: { origin: "http://localhost:3000" } },
    { headers: { "user-agent": "ollama-js/0.6.4" } },
    { user: "mia" },
    { headers: { "x-openwebui-user-id": "7" } },
  ];
  assert.equal(new Set(await Promise.all(clients.map(told))).size, clients.length);
  assert.equal(await told({ user: null, headers: { "x-request-id": "1" } }), await told({}));
  assert.ok((await told({ user: "x".repeat(1e6) })).length < 1000);
});

test("an app that no server runs has clients without an address", async () => {
  const app = new Hono().get("/", (context) => context.text(clientOf(context)));
  assert.equal(await (await app.request("/")).text(), "[null,null,null,null]");
});
