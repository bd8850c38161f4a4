import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { huggingFaceHome } from "./endpoints.js";

/** Where Hugging Face's own tools keep models: `HF_HUB_CACHE`, or `hub` in their home. */
export function huggingFaceCache(env: NodeJS.ProcessEnv): string {
  return env["HF_HUB_CACHE"] || env["HUGGINGFACE_HUB_CACHE"] || join(huggingFaceHome(env), "hub");
}

/** Where ModelScope's own tools keep models, by the layouts of their versions: `MODELSCOPE_CACHE`, or the user's cache. */
export function modelscopeCaches(env: NodeJS.ProcessEnv): string[] {
  const top = env["MODELSCOPE_CACHE"] || join(env["HOME"] || homedir(), ".cache", "modelscope");
  return [join(top, "models"), join(top, "hub", "models"), join(top, "hub"), top];
}

/**
 * The folder in which another tool keeps a model whole; both give a file its name only when it has all its bytes.
 *
 * @param id `organisation/name`
 * @returns undefined if none has its configuration, its tokenizer and all its weights in safetensors
 * @source huggingface_hub: models--organisation--name/{blobs,refs,snapshots}; modelscope: organisation/name, with each
 *   dot of the name as three underscores
 */
export function foundInOtherCaches(id: string, env: NodeJS.ProcessEnv): string | undefined {
  const [organisation = "", name = ""] = id.split("/");
  const repo = join(huggingFaceCache(env), `models--${organisation}--${name}`);
  const commit = readText(join(repo, "refs", "main"))?.trim() ?? "";
  const folders = /^[\w-]+$/.test(commit) ? [join(repo, "snapshots", commit)] : [];
  for (const cache of modelscopeCaches(env)) {
    folders.push(join(cache, organisation, name.replaceAll(".", "___")), join(cache, organisation, name));
  }
  return folders.find(isWholeModel);
}

/** Whether a folder has a configuration, a tokenizer, and each file of its weights. */
export function isWholeModel(folder: string): boolean {
  if (!["config.json", "tokenizer.json"].every((name) => existsSync(join(folder, name)))) return false;
  if (existsSync(join(folder, "model.safetensors"))) return true;
  const shards = shardsOf(readText(join(folder, "model.safetensors.index.json")));
  return shards.length > 0 && shards.every((name) => existsSync(join(folder, name)));
}

function shardsOf(index: string | undefined): string[] {
  try {
    const { weight_map: map } = JSON.parse(index ?? "{}") as { weight_map?: Record<string, unknown> };
    return [...new Set(Object.values(map ?? {}).map(String))];
  } catch {
    return [];
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
