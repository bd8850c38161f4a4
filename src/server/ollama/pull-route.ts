import { Hono } from "hono";
import { z } from "zod";
import type { Catalogue } from "../../serve/catalogue.js";
import type { ServedModel } from "../../serve/served-model.js";
import { HttpError } from "../http-error.js";
import { readBody } from "../read-body.js";
import { jsonLines } from "../object-stream.js";
import { invalidModelName, requireName, onUnlessTold, text } from "./request-fields.js";

const pullRequest = z.object({ model: text, name: text, stream: onUnlessTold });

/**
 * Pulling a model that is here succeeds at once. None is ever fetched: what this server does over the network is for
 * the person at its terminal to decide, not for whoever can reach it.
 */
export function pullRoute(catalogue: Catalogue): Hono {
  return new Hono().post("/api/pull", async (context) => {
    const request = await readBody(context, pullRequest);
    const name = requireName([request.model, request.name], invalidModelName);
    const served = await catalogue.find(name);
    if (request.stream) return jsonLines(context, () => pullLines(served, name));
    if (!served) throw notHere(name);
    return context.json({ status: "success" });
  });
}

async function* pullLines(served: ServedModel | undefined, name: string): AsyncGenerator<object, void> {
  yield { status: "pulling manifest" };
  if (!served) throw notHere(name);
  const { digest, sizeBytes } = served;
  yield {
    status: `pulling ${digest.slice(0, 12)}`,
    digest: `sha256:${digest}`,
    total: sizeBytes,
    completed: sizeBytes,
  };
  yield { status: "verifying sha256 digest" };
  yield { status: "writing manifest" };
  yield { status: "success" };
}

function notHere(name: string): HttpError {
  return new HttpError(
    404,
    `model '${name}' is not here, and none is fetched on request. Run kouwen pull ${name}.`,
  );
}
