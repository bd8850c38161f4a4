import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import { type KouwenError, MalformedInput, Unavailable } from "../errors.js";
import { withBrackets } from "./host-names.js";
import { MAX_BODY_BYTES } from "./read-body.js";

/** How much of a server clients may take. An answer may take as long as it likes. */
export type Limits = {
  /** Connections at once; more are closed. */
  connections: number;
  /** Of a request line and its headers. */
  headerBytes: number;
  /** Milliseconds that headers may take to arrive. */
  headersMs: number;
  /** Milliseconds that a request may take to arrive. */
  requestMs: number;
  /** The same for a file, which may be large. */
  fileMs: number;
  /** Milliseconds that a connection stays open between requests. */
  idleMs: number;
  /** Milliseconds that running answers have to end when the server is closed. */
  closeMs: number;
};

const LIMITS: Limits = {
  connections: 256,
  headerBytes: 16 * 1024,
  headersMs: 10_000,
  requestMs: 60_000,
  fileMs: 3_600_000,
  idleMs: 30_000,
  closeMs: 2000,
};

/** A server that takes requests. */
export type Listening = {
  /** Where it is reached on this machine. */
  url: string;
  port: number;
  /** Takes no more requests, and ends those that do not end soon. The model pool's end makes answers end. */
  close(): Promise<void>;
};

/**
 * Takes requests for an app.
 *
 * @param app `createApp`
 * @param options `host`: a name or address of this machine. `port`: 0 for any that is free. `limits`: other than usual
 * @throws {Unavailable} the port is in use
 * @throws {MalformedInput} the host is not of this machine, or the port needs rights
 */
export async function listen(
  app: Hono,
  { host, port, limits = {} }: { host: string; port: number; limits?: Partial<Limits> },
): Promise<Listening> {
  const limit = { ...LIMITS, ...limits };
  const server = createServer(
    {
      maxHeaderSize: limit.headerBytes,
      headersTimeout: limit.headersMs,
      requestTimeout: limit.fileMs,
      keepAliveTimeout: limit.idleMs,
      connectionsCheckingInterval: Math.ceil(limit.headersMs / 2),
    },
    // A client of HTTP/1.0 need not name a host.
    getRequestListener(app.fetch, { hostname: "localhost", overrideGlobalObjects: false }),
  );
  server.maxConnections = limit.connections;
  server.on("request", (incoming, outgoing) => {
    const tooLate = setTimeout(
      () => {
        if (!incoming.complete) incoming.socket.destroy();
      },
      isFile(incoming) ? limit.fileMs : limit.requestMs,
    );
    // A request behind others on a connection that breaks has an answer that never closes.
    incoming.once("close", () => clearTimeout(tooLate));
    outgoing.once("close", () => {
      clearTimeout(tooLate);
      // A connection that was busy when the server was closed would otherwise be kept for the next request.
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
    });
  });
  server.on("checkContinue", (incoming, outgoing) => {
    const bytes = Number(incoming.headers["content-length"] ?? 0);
    if (isFile(incoming) || bytes <= MAX_BODY_BYTES) outgoing.writeContinue();
    server.emit("request", incoming, outgoing);
  });
  await start(server, host, port);
  const address = server.address() as AddressInfo;
  const name = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return {
    url: `http://${withBrackets(name)}:${address.port}`,
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        const late = setTimeout(() => server.closeAllConnections(), limit.closeMs);
        server.close(() => {
          clearTimeout(late);
          resolve();
        });
      }),
  };
}

/** A file that a model is made of, the only long thing that clients send. */
function isFile({ url = "" }: IncomingMessage): boolean {
  return /^(\/v1)?\/api\/blobs\//.test(url);
}

async function start(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(startError(error, host, port)));
    server.listen({ host, port }, resolve);
  });
}

function startError(error: NodeJS.ErrnoException, host: string, port: number): KouwenError {
  const place = { stage: "serve", cause: error };
  const where = `serve ${withBrackets(host)}:${port}`;
  if (error.code === "EADDRINUSE") {
    return new Unavailable(
      `${where}: another program has this port, perhaps Ollama. End it, or choose another port with --port.`,
      place,
    );
  }
  if (error.code === "EACCES") {
    return new MalformedInput(
      `${where}: this port needs the rights of an administrator. Choose one above 1023 with --port.`,
      place,
    );
  }
  return new MalformedInput(
    `${where}: this machine cannot be reached there (${error.code}). Choose one of its addresses with --host.`,
    place,
  );
}
