import assert from "node:assert/strict";
import { test } from "node:test";
import type { Catalogue } from "../../serve/catalogue.js";
import type { ServedModel } from "../../serve/served-model.js";
import type { ServerParts } from "../server-parts.js";
import { createModel } from "./create-model.js";
import { createRequest } from "./create-route.js";

test("a model with an adapter is not made smaller without it", async () => {
  const model = { name: "aze:latest", gguf: "model.gguf", adapter: "adapter.gguf" } as ServedModel;
  const catalogue = { find: async () => model } as Partial<Catalogue> as Catalogue;
  const request = createRequest.parse({ from: "aze", quantize: "q4_k_m" });
  const made = createModel({ catalogue } as ServerParts, "small:latest", request, {});
  await assert.rejects(made.next(), {
    status: 400,
    message: /"aze:latest" has an adapter.*Leave quantize out/,
  });
});
