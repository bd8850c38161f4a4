import { Hono } from "hono";
import type { ServerParts } from "../server-parts.js";
import { chatRoute } from "./chat-route.js";
import { completionRoute } from "./completion-route.js";
import { embeddingRoute } from "./embedding-route.js";
import { modelRoutes } from "./model-routes.js";

/** OpenAI's API with its whole paths, to be mounted at `/`: under `/v1`, the list of models under `/models` too. */
export function openAiRoutes(parts: ServerParts): Hono {
  return new Hono()
    .route("/", modelRoutes(parts.catalogue))
    .route("/", chatRoute(parts))
    .route("/", completionRoute(parts))
    .route("/", embeddingRoute(parts));
}
