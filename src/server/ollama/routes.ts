import { Hono } from "hono";
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

/**
 * Ollama's API, under `/`, and all of it once more under `/v1`, where Page Assist looks for it when it is told of an
 * OpenAI-compatible server that is an Ollama.
 */
export function ollamaRoutes(parts: ServerParts): Hono {
  const { catalogue, pool, version } = parts;
  const known = new KnownFacts();
  const api = new Hono();
  const routes = [
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
  return statusRoutes(version).route("/", api).route("/v1", api);
}
