import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { it } from "node:test";
import { huggingFaceCache } from "./huggingface-cache.js";
import { modelscopeCaches } from "./other-caches.js";

const home = resolve("/home/remy");
const HOME = { HOME: home, USERPROFILE: home };

it("finds the caches of the hubs' tools where their variables say, with ~ for the user's folder", () => {
  for (const [variables, folder] of [
    [{}, join(home, ".cache/huggingface/hub")],
    [{ XDG_CACHE_HOME: "/caches" }, "/caches/huggingface/hub"],
    [{ HF_HOME: "~/hf", XDG_CACHE_HOME: "/caches" }, join(home, "hf/hub")],
    [{ HF_HUB_CACHE: "~", HF_HOME: "/hf" }, home],
    [{ HUGGINGFACE_HUB_CACHE: "~/old" }, join(home, "old")],
    [{ HF_HUB_CACHE: "models" }, resolve("models")],
    [{ HF_HUB_CACHE: "~else/where" }, resolve("~else/where")],
  ] as const) {
    assert.equal(huggingFaceCache({ ...HOME, ...variables }), resolve(folder));
  }
  assert.equal(modelscopeCaches({ ...HOME, MODELSCOPE_CACHE: "~/scope" }).at(-1), join(home, "scope"));
});
