import type { Context, MiddlewareHandler } from "hono";
import { HttpError } from "./http-error.js";

const ALLOWED_METHODS = "GET, HEAD, POST, DELETE, OPTIONS";
/** Seconds; browsers cut it to two hours or less. */
const PREFLIGHT_AGE = "7200";
/** What a page may send to any site without asking it first. */
const UNASKED_TYPES = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"];

/**
 * Lets pages of the allowed origins use the server from a browser, and refuses all others before anything is done.
 *
 * The Origin alone does not tell: Page Assist writes one of this machine into the requests of every page. What it cannot
 * write is the browser's answer to a preflight, which names the true origin. So what a browser sends from another site
 * is refused unless it is of a kind that needs a preflight.
 *
 * @param isAllowed by origin
 */
export function crossOrigin(isAllowed: (origin: string) => boolean): MiddlewareHandler {
  return async (context, next) => {
    const origin = context.req.header("origin");
    if (origin !== undefined && !isAllowed(origin)) {
      throw new HttpError(
        403,
        `pages of ${printable(origin)} may not use this server. Allow them with kouwen serve --origins <origin>.`,
      );
    }
    if (context.req.header("sec-fetch-site") === "cross-site") checkCrossSite(context, origin);
    if (context.req.method === "OPTIONS") context.res = preflight(context);
    else await next();
    const { headers } = context.res;
    headers.append("vary", "Origin");
    headers.set("x-content-type-options", "nosniff");
    if (origin === undefined) return;
    headers.set("access-control-allow-origin", origin);
    headers.set("access-control-expose-headers", "Retry-After");
  };
}

function checkCrossSite({ req }: Context, origin: string | undefined): void {
  const isReading = req.method === "GET" || req.method === "HEAD";
  const type = req.header("content-type")?.split(";")[0]!.trim().toLowerCase();
  const isUnasked = req.method === "POST" && (type === undefined || UNASKED_TYPES.includes(type));
  // A link to here may be followed; a picture or script may not be had.
  const isSubresource = origin === undefined && req.header("sec-fetch-mode") !== "navigate";
  if (isUnasked || (origin === undefined && !isReading) || isSubresource) {
    throw new HttpError(
      403,
      "a page of another site sent this without asking first. Send it by fetch with Content-Type: application/json.",
    );
  }
}

function preflight({ req }: Context): Response {
  const headers = new Headers({
    allow: ALLOWED_METHODS,
    "access-control-allow-methods": ALLOWED_METHODS,
    "access-control-max-age": PREFLIGHT_AGE,
    vary: "Access-Control-Request-Headers",
  });
  const wanted = req.header("access-control-request-headers");
  if (wanted !== undefined) headers.set("access-control-allow-headers", wanted);
  if (req.header("access-control-request-private-network") === "true") {
    headers.set("access-control-allow-private-network", "true");
  }
  return new Response(null, { status: 204, headers });
}

/** The origin came from outside, and is shown to people. */
function printable(origin: string): string {
  return origin.slice(0, 80).replaceAll(/[^\x21-\x7e]/g, "?");
}
