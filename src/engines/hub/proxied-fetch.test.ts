import assert from "node:assert/strict";
import { createServer } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { proxiedFetch } from "./proxied-fetch.js";

let target: string;
let proxy: string;
const tunnels: string[] = [];
const servers = [
  createServer((_request, response) => response.end("weights")),
  // Leads every tunnel to the first server, whatever name it asks for.
  createServer().on("connect", (request, client) => {
    tunnels.push(request.url!);
    const upstream = connect(Number(new URL(target).port), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    client.on("error", () => upstream.destroy());
    upstream.on("error", () => client.destroy());
  }),
] as const;

before(async () => {
  for (const server of servers) await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  [target, proxy] = servers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`) as [
    string,
    string,
  ];
});
after(() => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});

describe("a fetch behind a proxy", () => {
  it("reaches a host that only the proxy knows", async () => {
    const answer = await proxiedFetch({ HTTP_PROXY: proxy })("http://hub.invalid/file");
    assert.equal(await answer.text(), "weights");
    assert.deepEqual(tunnels.splice(0), ["hub.invalid:80"]);
  });

  it("leaves out the hosts of NO_PROXY", async () => {
    const answer = await proxiedFetch({ http_proxy: proxy, NO_PROXY: "127.0.0.1" })(`${target}/file`);
    assert.equal(await answer.text(), "weights");
    assert.deepEqual(tunnels, []);
  });

  it("is the plain one without a proxy", () => {
    assert.equal(proxiedFetch({ NO_PROXY: "*" }), fetch);
  });
});
