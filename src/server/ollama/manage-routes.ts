import { Hono } from "hono";
import { z } from "zod";
import type { Catalogue } from "../../serve/catalogue.js";
import type { ModelPool } from "../../serve/model-pool.js";
import { HttpError } from "../http-error.js";
import { readBody } from "../read-body.js";
import { findModel } from "../find-model.js";
import { requireName, text } from "./request-fields.js";

const copyRequest = z.object({ source: text, destination: text });
const deleteRequest = z.object({ model: text, name: text });

/** Giving a model a second name, and taking one away. */
export function manageRoutes(catalogue: Catalogue, pool: ModelPool): Hono {
  return new Hono()
    .post("/api/copy", async (context) => {
      const request = await readBody(context, copyRequest);
      const source = requireName([request.source], (name) => `source "${name}" is invalid`);
      const destination = requireName([request.destination], (name) => `destination "${name}" is invalid`);
      const found = await catalogue.copy(source, destination);
      if (!found) throw new HttpError(404, `model "${source}" not found`);
      return context.body(null, 200);
    })
    .delete("/api/delete", async (context) => {
      const { model, name } = await readBody(context, deleteRequest);
      const known = requireName([model, name], (wrong) => `name "${wrong}" is invalid`);
      const served = await findModel(catalogue, known);
      // First, while the pool still finds the model by its file.
      await pool.unload(served);
      await catalogue.remove(served.name);
      return context.body(null, 200);
    });
}
