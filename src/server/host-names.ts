import { hostname } from "node:os";
import type { MiddlewareHandler } from "hono";
import { HttpError } from "./http-error.js";

/** Names by which containers reach the machine they run on. */
const CONTAINER_HOSTS = ["host.docker.internal", "host.containers.internal"];

/** Whether a host name or address, an IPv6 address with or without brackets, always means this machine. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, "");
  return (
    name === "localhost" ||
    name.endsWith(".localhost") ||
    /^127(\.\d{1,3}){3}$/.test(name) ||
    name === "::1" ||
    name === "[::1]"
  );
}

/**
 * Refuses requests for a host that is not this machine by a name that only it can have.
 *
 * A web page may let its own name point to 127.0.0.1 and is then of the same origin as this server: no rule of the
 * browser holds it back (DNS rebinding). Its requests still carry its name.
 *
 * @param bound the name or address that the server listens on
 */
export function checkHost(bound: string): MiddlewareHandler {
  const known = new Set([...CONTAINER_HOSTS, hostname().toLowerCase(), withBrackets(bound.toLowerCase())]);
  return async (context, next) => {
    const header = context.req.header("host");
    // Every browser sends one; a client of HTTP/1.0 need not.
    if (header !== undefined) {
      const name =
        /^(\[[\da-f:.]+\]|[^:[\]/@\\\s]+)\.?(?::\d{1,5})?$/i.exec(header)?.[1]?.toLowerCase() ?? "";
      if (!isLoopback(name) && !known.has(name)) {
        throw new HttpError(
          403,
          "the Host of the request is no name of this machine. Use 127.0.0.1 or localhost; for other names start kouwen serve with an API key.",
        );
      }
    }
    await next();
  };
}

/** A host as it stands in a URL. */
export function withBrackets(host: string): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}
