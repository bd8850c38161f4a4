import { Hono } from "hono";
import { errorResponse, isOpenAi } from "./error-response.js";
import { faultLog } from "./fault-log.js";
import { guard, type GuardOptions } from "./guard.js";
import { HttpError } from "./http-error.js";
import { ollamaRoutes } from "./ollama/routes.js";
import { openAiRoutes } from "./openai/routes.js";
import type { ServerParts } from "./server-parts.js";

/** Seconds after which a client that found the server busy may ask again. */
const RETRY_AFTER = "2";
const METHODS = ["GET", "POST", "DELETE"];

/**
 * The whole server: who may ask, both APIs, and what is said where there is nothing or something failed.
 *
 * @throws {Unsupported} others could reach the server, and there is no key
 * @throws {MalformedInput} the key or an origin is none
 */
export function createApp(parts: ServerParts, options: GuardOptions): Hono {
  const app = new Hono();
  app.use(faultLog(options.log), async (context, next) => {
    await next();
    const { res } = context;
    if (res.status === 503) res.headers.set("retry-after", RETRY_AFTER);
  });
  app.use(...guard(options));
  app.route("/", openAiRoutes(parts));
  app.route("/", ollamaRoutes(parts));
  app.notFound((context) => {
    const { path } = context.req;
    const allowed = METHODS.filter((method) => hasRoute(app, method, path));
    const status = allowed.length > 0 ? 405 : 404;
    if (status === 405) context.header("allow", allowed.join(", "));
    if (isOpenAi(path)) {
      const message =
        status === 405
          ? `${context.req.method} is not allowed here; ${allowed.join(" or ")} is`
          : "there is no such path";
      return errorResponse(new HttpError(status, message), context);
    }
    // As the web framework of Ollama says it.
    return context.text(status === 405 ? "405 method not allowed" : "404 page not found", status);
  });
  app.onError(errorResponse);
  return app;
}

function hasRoute(app: Hono, method: string, path: string): boolean {
  const [handlers] = app.router.match(method, path);
  return handlers.some(([[, route]]) => route.method === method);
}
