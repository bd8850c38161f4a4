import type { MiddlewareHandler } from "hono";
import { Unsupported } from "../errors.js";
import { requireKey } from "./api-key.js";
import { crossOrigin } from "./cross-origin.js";
import { checkHost, isLoopback } from "./host-names.js";
import { originRule } from "./origins.js";

/** Who may use the server. */
export type GuardOptions = {
  /** The name or address that the server listens on. */
  host: string;
  /** What every request must carry; needed beyond loopback. */
  key?: string | undefined;
  /** Web sites whose pages may use the server from a browser, beside those on this machine. */
  origins: readonly string[];
  /** Takes a line about a fault of our own; it holds no text of a chat and no path of a person. */
  log: (line: string) => void;
};

/**
 * What every request passes before anything is done for it, in order.
 *
 * @throws {Unsupported} others could reach the server, and there is no key
 * @throws {MalformedInput} the key or an origin is none
 */
export function guard({ host, key, origins }: GuardOptions): MiddlewareHandler[] {
  const checkOrigin = crossOrigin(originRule(origins));
  // No page knows the key, whatever name it gave this machine.
  if (key !== undefined) return [checkOrigin, requireKey(key)];
  if (!isLoopback(host)) {
    throw new Unsupported(
      `serve --host ${host}: others could reach the models there, and there is no API key. Set KOUWEN_API_KEY, or leave --host away.`,
      { stage: "serve" },
    );
  }
  return [checkHost(host), checkOrigin];
}
