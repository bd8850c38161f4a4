import { Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { describeError } from "../http-error.js";
import type { ServerParts } from "../server-parts.js";
import { blobRoutes } from "./blob-routes.js";
import { chatRoute } from "./chat-route.js";
import { createRoute } from "./create-route.js";
import { embedRoutes } from "./embed-routes.js";
import { generateRoute } from "./generate-route.js";
import { listRoutes } from "./list-routes.js";
import { manageRoutes } from "./manage-routes.js";
import { KnownFacts } from "./model-facts.js";
import { pullRoute } from "./pull-route.js";
import { showRoute } from "./show-route.js";
import { statusRoutes } from "./status-routes.js";

/** Nobody reads it: the client has gone. */
const CLIENT_CLOSED_REQUEST = 499;

/**
 * Ollama's API, under `/`, and all of it once more under `/v1`, where Page Assist looks for it when it is told of an
 * OpenAI-compatible server that is an Ollama.
 */
export function ollamaRoutes(parts: ServerParts): Hono {
  const { catalogue, pool, version } = parts;
  const known = new KnownFacts();
  const api = new Hono();
  const routes = [
    statusRoutes(version),
    listRoutes(catalogue, pool, known),
    showRoute(catalogue),
    chatRoute({ catalogue, pool, known }),
    generateRoute({ catalogue, pool, known }),
    embedRoutes(catalogue, pool),
    pullRoute(catalogue),
    createRoute(parts),
    manageRoutes(catalogue, pool),
    blobRoutes(catalogue),
  ];
  for (const each of routes) api.route("/", each);
  for (const [path, methods] of methodsByPath(api)) {
    const allow = methods.includes("GET") ? [...methods, "HEAD"] : methods;
    api.all(path, (context) => context.text("405 method not allowed", 405, { allow: allow.join(", ") }));
  }
  api.onError((error, context) => {
    if (context.req.raw.signal.aborted)
      return context.json({ error: "request canceled" }, CLIENT_CLOSED_REQUEST as ContentfulStatusCode);
    const { status, message } = describeError(error);
    return context.json({ error: message }, status as ContentfulStatusCode);
  });
  return new Hono().route("/", api).route("/v1", api);
}

function methodsByPath(app: Hono): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { path, method } of app.routes) methods.set(path, [...(methods.get(path) ?? []), method]);
  return methods;
}
