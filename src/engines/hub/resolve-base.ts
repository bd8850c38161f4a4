import { createHash } from "node:crypto";
import { existsSync, type Stats } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { MalformedInput, Unavailable } from "../../errors.js";
import { importGguf } from "../../formats/gguf/to-huggingface.js";
import { readModelConfig } from "../../formats/model-config.js";
import type { Run } from "../../progress.js";
import type { Base, BaseOptions } from "./base.js";
import { cachedModel, fetchModel } from "./fetch-model.js";
import { findInOllama } from "./ollama-store.js";
import { SHORT_NAMES } from "./short-names.js";

const HUB_ID = /^[\w-][\w.-]*\/[\w-][\w.-]*$/;
const OLLAMA = "ollama:";
/** The address of a model's page, as people copy it. */
const PAGE =
  /^(?:https?:\/\/)?(?:huggingface\.co|hf\.co|hf-mirror\.com|(?:www\.)?modelscope\.cn\/models)\/([^/?#]+\/[^/?#]+)(?:[/?#].*)?$/;

/**
 * The Hugging Face folder of a base model. Fetched and imported models come from the cache the next time; progress is
 * told as stage `base`.
 *
 * @param asked a short name such as `smollm2:135m`, a hub id `organisation/name` or the address of its page,
 *   `ollama:name` for a model of the local Ollama, a Hugging Face folder or a GGUF file
 * @throws {Unavailable} there is no such file, or no source gives the model: says what to do
 * @throws {Unsupported} a model that we do not compute
 * @throws {MalformedInput} a folder without `config.json`, or broken files
 * @throws {LimitExceeded} the disk cannot hold it
 */
export async function resolveBase(asked: string, options: BaseOptions, run: Run = {}): Promise<Base> {
  const name = withoutAddress(asked);
  const id = Object.hasOwn(SHORT_NAMES, name) ? SHORT_NAMES[name] : undefined;
  if (id !== undefined) return await fetchModel(id, name, options, run);
  if (name.startsWith(OLLAMA)) return await openOllama(name, options, run);
  const info = await stat(name).catch(() => undefined);
  if (info?.isDirectory()) return await openFolder(name);
  if (info?.isFile()) return await openFile(name, info, options, run);
  if (HUB_ID.test(name) && extname(name) !== ".gguf") return await fetchModel(name, name, options, run);
  throw new Unavailable(
    `base ${shown(name)}: no such file or folder, and no short name (${Object.keys(SHORT_NAMES).join(", ")}). Pass one of these, a hub id (organisation/name), ollama:<name>, a Hugging Face folder or a GGUF file.`,
    { stage: "base" },
  );
}

function withoutAddress(asked: string): string {
  return PAGE.exec(asked)?.[1] ?? asked;
}

async function openOllama(name: string, options: BaseOptions, run: Run): Promise<Base> {
  const { path, digest } = await findInOllama(name.slice(OLLAMA.length), options.env ?? process.env);
  const folder = join(options.cacheFolder, "gguf", `ollama-${digest.slice(0, 12)}`);
  if (!existsSync(join(folder, "config.json"))) await importGguf(path, folder, "base", run);
  return { folder, name };
}

/** The same, if nothing has to be fetched or imported for it; undefined otherwise, or if it is none that we know. */
export async function baseAtHand(asked: string, options: BaseOptions): Promise<Base | undefined> {
  const name = withoutAddress(asked);
  const id = Object.hasOwn(SHORT_NAMES, name) ? SHORT_NAMES[name] : undefined;
  if (id !== undefined) return cachedModel(id, options);
  const info = await stat(name).catch(() => undefined);
  if (info?.isDirectory()) return await openFolder(name);
  if (info?.isFile()) {
    const base = await importedFrom(name, info, options);
    return existsSync(join(base.folder, "config.json")) ? base : undefined;
  }
  return HUB_ID.test(name) ? cachedModel(name, options) : undefined;
}

async function openFolder(path: string): Promise<Base> {
  const folder = await realpath(path);
  if (!existsSync(join(folder, "config.json"))) {
    throw new MalformedInput(
      `base ${shown(path)}: the folder has no config.json. Pass the folder of a Hugging Face model.`,
      { stage: "base", path },
    );
  }
  await readModelConfig(folder, "base");
  return { folder, name: basename(folder) };
}

/** Imported once for each state of the file. */
async function openFile(path: string, info: Stats, options: BaseOptions, run: Run): Promise<Base> {
  const base = await importedFrom(path, info, options);
  if (!existsSync(join(base.folder, "config.json"))) {
    await importGguf(await realpath(path), base.folder, "base", run);
  }
  return base;
}

/** Where a GGUF file in its present state is imported to. */
async function importedFrom(
  path: string,
  { size, mtimeMs }: Stats,
  { cacheFolder }: BaseOptions,
): Promise<Base> {
  const file = await realpath(path);
  const title = basename(file, extname(file));
  const state = createHash("sha256").update(`${file}\n${size}\n${mtimeMs}`).digest("hex").slice(0, 12);
  return { folder: join(cacheFolder, "gguf", `${title}-${state}`), name: title };
}

/** The last part of a path; more of it is nobody's business. */
function shown(name: string): string {
  return basename(name).slice(0, 80) || name.slice(0, 80);
}
