import { Hono } from "hono";
import { z } from "zod";
import { HttpError } from "../http-error.js";
import { readBody } from "../read-body.js";
import type { ServerParts } from "../server-parts.js";
import { createModel } from "./create-model.js";
import { jsonLines } from "../object-stream.js";
import { invalidModelName, messages, options, requireName, onUnlessTold, text } from "./request-fields.js";

const digests = z
  .record(z.string(), z.string())
  .nullish()
  .transform((files) => files ?? undefined);

/** What a new model is to be made of. */
export const createRequest = z.object({
  model: text,
  name: text,
  from: text,
  files: digests,
  adapters: digests,
  quantize: text,
  quantization: text,
  template: text,
  system: text,
  parameters: options,
  messages,
  license: z
    .union([z.string(), z.array(z.string())])
    .nullish()
    .transform((license) => [license ?? []].flat().filter((each) => each !== "")),
  stream: onUnlessTold,
});

export type CreateRequest = z.infer<typeof createRequest>;

/** A model of another one, or of uploaded files, with its own parameters and words. */
export function createRoute(parts: ServerParts): Hono {
  return new Hono().post("/api/create", async (context) => {
    const request = await readBody(context, createRequest);
    for (const path of Object.keys(request.files ?? {})) {
      // No such path is ever opened; as Ollama, we refuse what could not be one inside a folder.
      if (!isInside(path)) throw new HttpError(400, "file path must be relative");
    }
    const name = requireName([request.model, request.name], invalidModelName);
    const lines = (signal: AbortSignal) => createModel(parts, name, request, { signal });
    if (request.stream) return jsonLines(context, lines);
    let last: object = {};
    for await (const line of lines(context.req.raw.signal)) last = line;
    return context.json(last);
  });
}

/** Whether a path with slashes stays inside the folder that it starts from. @source Go, package io/fs, ValidPath */
function isInside(path: string): boolean {
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}
