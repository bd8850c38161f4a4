import { Hono } from "hono";
import type { Catalogue } from "../../serve/catalogue.js";
import type { ServedModel } from "../../serve/served-model.js";
import { findModel } from "../find-model.js";

/** The models. Under `/models` too, where Page Assist looks for them if its address ends without `/v1`. */
export function modelRoutes(catalogue: Catalogue): Hono {
  const routes = new Hono();
  for (const base of ["/v1/models", "/models"]) {
    routes.get(base, async (context) =>
      context.json({ object: "list", data: (await catalogue.list()).map(describe) }),
    );
    // Names may hold a slash.
    routes.get(`${base}/:model{.+}`, async (context) =>
      context.json(describe(await findModel(catalogue, context.req.param("model")))),
    );
  }
  return routes;
}

function describe({ name, modifiedAt }: ServedModel): object {
  const created = Math.floor(modifiedAt.getTime() / 1000);
  return { id: name, object: "model", created, owned_by: "kouwen" };
}
