import { Readable } from "node:stream";
import { Hono } from "hono";
import type { Catalogue } from "../../serve/catalogue.js";
import { HttpError } from "../http-error.js";

/** Files that models are made of, as clients upload them: under the digest of their bytes and nothing else. */
export function blobRoutes(catalogue: Catalogue): Hono {
  return new Hono()
    .get("/api/blobs/:digest", async (context) => {
      if (context.req.method !== "HEAD") throw new HttpError(405, "405 method not allowed");
      const digest = context.req.param("digest");
      if (!(await catalogue.hasBlob(digest))) throw new HttpError(404, `blob "${digest}" not found`);
      return context.body(null, 200);
    })
    .post("/api/blobs/:digest", async (context) => {
      const { body } = context.req.raw;
      const bytes = body ? Readable.fromWeb(body) : Readable.from([]);
      const isNew = await catalogue.writeBlob(context.req.param("digest"), bytes);
      return context.body(null, isNew ? 201 : 200);
    });
}
