import { existsSync } from "node:fs";
import { lstat, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { MalformedInput, Unavailable } from "../../errors.js";
import { isAlive } from "../../is-alive.js";
import { huggingFaceCache, partialsOf, tidyRepo } from "./huggingface-cache.js";
import { foundInOtherCaches, modelscopeCaches } from "./other-caches.js";
import { ollamaStore } from "./ollama-store.js";
import { partialsNamed } from "./partial-folder.js";

const PARTIAL = /\.\d+\.partial$/;

/** Who keeps a model. */
export type Keeper = "kouwen" | "huggingface" | "modelscope" | "ollama";

/** A model on this machine. */
export type KeptModel = {
  /** As `--base` takes it where it is whole. */
  name: string;
  keeper: Keeper;
  /** The folder or the GGUF file. */
  folder: string;
  /** Bytes on disk; null where a tool shares them between models. */
  sizeBytes: number | null;
  /** False for what a fetch has begun, and for what is no base. */
  whole: boolean;
};

/** The models of our cache and of the other tools' caches, ours first. */
export async function listModels(cacheFolder: string, env: NodeJS.ProcessEnv): Promise<KeptModel[]> {
  return [
    ...(await ours(join(cacheFolder, "models"))),
    ...(await ours(join(cacheFolder, "gguf"))),
    ...(await ourFiles(join(cacheFolder, "gguf"))),
    ...(await ofHuggingFace(env)),
    ...(await ofModelscope(env)),
    ...(await ofOllama(ollamaStore(env))),
  ];
}

/**
 * Removes a model of our cache, or of Hugging Face's, into which we fetch, with all its states there. What ModelScope and
 * Ollama keep is theirs to remove: their other models may share its files.
 *
 * @throws {MalformedInput} another tool keeps it
 * @throws {Unavailable} another process is fetching it
 */
export async function removeModel({ name, keeper, folder }: KeptModel): Promise<void> {
  const unfinished = keeper === "huggingface" ? await partialsNamed(partialsOf(folder)) : [];
  const owner = /\.(\d+)\.partial$/.exec(folder)?.[1];
  if ([...unfinished.map((each) => each.owner), ...(owner ? [Number(owner)] : [])].some(isAlive)) {
    throw new Unavailable(`models ${name}: being fetched now. Stop that first.`, { stage: "models" });
  }
  if (keeper === "modelscope" || keeper === "ollama") {
    const tool = { modelscope: "modelscope clear-cache", ollama: "ollama rm" }[keeper];
    throw new MalformedInput(`models ${name}: kept by another tool. Remove it with ${tool}.`, {
      stage: "models",
    });
  }
  // Without it no program finds the rest, should this be killed half-way.
  if (keeper === "huggingface") await rm(join(folder, "refs"), { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
  if (owner !== undefined) await tidyRepo(dirname(folder));
}

async function ours(parent: string): Promise<KeptModel[]> {
  return await Promise.all(
    (await foldersOf(parent)).map(async (name): Promise<KeptModel> => {
      const folder = join(parent, name);
      const title = name.replace(PARTIAL, "");
      const id = /^[\w-][\w.-]*?--[\w.-]+$/.test(title) ? title.replace("--", "/") : title;
      const whole = !PARTIAL.test(name) && existsSync(join(folder, "config.json"));
      return { name: id, keeper: "kouwen", folder, sizeBytes: await sizeOf(folder), whole };
    }),
  );
}

/** The GGUF files that were written for a language model in this process. */
async function ourFiles(parent: string): Promise<KeptModel[]> {
  const names = (await readdir(parent).catch(() => [])).filter((name) => name.endsWith(".gguf"));
  return await Promise.all(
    names.map(async (name): Promise<KeptModel> => {
      const folder = join(parent, name);
      return { name, keeper: "kouwen", folder, sizeBytes: (await lstat(folder)).size, whole: true };
    }),
  );
}

/** Of each model what their tools or ours made whole, and what a fetch of ours has begun. */
async function ofHuggingFace(env: NodeJS.ProcessEnv): Promise<KeptModel[]> {
  const cache = huggingFaceCache(env);
  const found: KeptModel[] = [];
  for (const repo of (await foldersOf(cache)).filter((each) => /^models--.+--.+/.test(each))) {
    const name = repo.slice("models--".length).replace("--", "/");
    const folder = join(cache, repo);
    let begun = 0;
    for (const { path } of await partialsNamed(partialsOf(folder))) {
      const sizeBytes = await sizeOf(path);
      found.push({ name, keeper: "kouwen", folder: path, sizeBytes, whole: false });
      begun += sizeBytes;
    }
    const sizeBytes = (await sizeOf(folder)) - begun;
    const whole = foundInOtherCaches(name, env)?.startsWith(join(folder, "snapshots")) ?? false;
    if (whole || sizeBytes > 0) found.push({ name, keeper: "huggingface", folder, sizeBytes, whole });
  }
  return found;
}

async function ofModelscope(env: NodeJS.ProcessEnv): Promise<KeptModel[]> {
  const found: KeptModel[] = [];
  for (const cache of modelscopeCaches(env)) {
    for (const organisation of await foldersOf(cache)) {
      for (const name of await foldersOf(join(cache, organisation))) {
        const folder = join(cache, organisation, name);
        if (!existsSync(join(folder, "config.json"))) continue;
        const id = `${organisation}/${name.replaceAll("___", ".")}`;
        const whole = foundInOtherCaches(id, env) === folder;
        found.push({ name: id, keeper: "modelscope", folder, sizeBytes: await sizeOf(folder), whole });
      }
    }
  }
  return found;
}

/** Sizes are left out: its models share their layers. */
async function ofOllama(store: string): Promise<KeptModel[]> {
  const manifests = join(store, "manifests");
  const found: KeptModel[] = [];
  for (const registry of await foldersOf(manifests)) {
    for (const user of await foldersOf(join(manifests, registry))) {
      for (const model of await foldersOf(join(manifests, registry, user))) {
        const folder = join(manifests, registry, user, model);
        for (const tag of await readdir(folder)) {
          const name = `ollama:${user === "library" ? "" : `${user}/`}${model}:${tag}`;
          found.push({ name, keeper: "ollama", folder, sizeBytes: null, whole: true });
        }
      }
    }
  }
  return found;
}

async function foldersOf(parent: string): Promise<string[]> {
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** Of all files below, each counted once: links to them have no size worth telling. */
async function sizeOf(folder: string): Promise<number> {
  let sum = 0;
  for (const name of await readdir(folder, { recursive: true })) {
    const info = await lstat(join(folder, name)).catch(() => undefined);
    if (info?.isFile()) sum += info.size;
  }
  return sum;
}
