import { existsSync } from "node:fs";
import { join } from "node:path";
import { KouwenError, Unavailable } from "../../errors.js";
import { diskFull } from "../../files.js";
import type { Run } from "../../progress.js";
import { downloadModel } from "./download-model.js";
import { ourFolder } from "./destination.js";
import { hubEndpoints, isOffline } from "./endpoints.js";
import { foundInOtherCaches } from "./other-caches.js";
import { proxiedFetch } from "./proxied-fetch.js";
import { fetchPythonPackage, PYTHON_PACKAGES } from "./python-package.js";
import type { Base, BaseOptions } from "./base.js";
import { isBusy, isDiskError, isRefusal, reasonOf } from "./source-failed.js";

/** Where a model may come from, and how. */
type Source = { title: string; fill: () => Promise<Base> };

/**
 * A model by its id, from the cache or else from the first source that gives it.
 *
 * @param asked what the person wrote, for errors
 * @throws {Unavailable} no source gave it; the message says why for each, and what to do
 */
export async function fetchModel(id: string, asked: string, options: BaseOptions, run: Run): Promise<Base> {
  const env = options.env ?? process.env;
  const sources = [...hubs(id, options, env, run), ...packages(id, options, env, run)];
  const cached = cachedModel(id, options);
  if (cached) return cached;
  const reasons = isOffline(env) ? ["HF_HUB_OFFLINE is set"] : [];
  let [refused, busy] = [false, false];
  for (const { title, fill } of sources) {
    try {
      return await fill();
    } catch (error) {
      run.signal?.throwIfAborted();
      if (error instanceof KouwenError || isDiskError(error)) {
        throw diskFull(error, "base", id) ?? error;
      }
      reasons.push(`${title} ${reasonOf(error)}`);
      refused ||= isRefusal(error);
      busy ||= isBusy(error);
    }
  }
  throw new Unavailable(
    `base ${asked}: could not be fetched: ${reasons.join("; ")}. ${advice(id, { refused, busy, offline: isOffline(env) })}`,
    {
      stage: "base",
    },
  );
}

/** A model by its id, if it is in our cache or whole in that of Hugging Face's or ModelScope's tools. */
export function cachedModel(id: string, options: BaseOptions): Base | undefined {
  const fetched = { folder: ourFolder(id, options.cacheFolder), name: id };
  const known = [fetched, packageBase(id, options)].filter((base) => base !== undefined);
  const ours = known.find(({ folder }) => existsSync(join(folder, "config.json")));
  if (ours) return ours;
  const folder = foundInOtherCaches(id, options.env ?? process.env);
  return folder === undefined ? undefined : { folder, name: id };
}

function packageBase(id: string, { cacheFolder }: BaseOptions): Base | undefined {
  const found = PYTHON_PACKAGES[id];
  return (
    found && {
      folder: join(cacheFolder, "models", `${found.name}-${found.version}`),
      name: `${id} (${found.quantization})`,
    }
  );
}

function hubs(id: string, options: BaseOptions, env: NodeJS.ProcessEnv, run: Run): Source[] {
  const fetch = options.fetch ?? proxiedFetch(env);
  const { cacheFolder } = options;
  return hubEndpoints(env).map((endpoint) => ({
    title: new URL(endpoint.url).hostname,
    fill: async () => ({
      folder: await downloadModel(id, endpoint, { cacheFolder, env, fetch }, run),
      name: id,
    }),
  }));
}

function packages(id: string, options: BaseOptions, env: NodeJS.ProcessEnv, run: Run): Source[] {
  const wanted = PYTHON_PACKAGES[id];
  const base = packageBase(id, options);
  if (!wanted || !base) return [];
  const fill = async () => {
    await fetchPythonPackage(wanted, base.folder, env, run);
    return base;
  };
  return [{ title: `Python package ${wanted.name}:`, fill }];
}

function advice(id: string, why: { refused: boolean; busy: boolean; offline: boolean }): string {
  const pass = "pass a model that is on this machine: --base <folder or GGUF>";
  if (why.refused)
    return `Check the name, accept a gated model's terms on its page and set HF_TOKEN, or ${pass}.`;
  if (why.busy) return `Run the same again in some minutes, which goes on, or ${pass}.`;
  if (PYTHON_PACKAGES[id]) return `Connect to the internet, install Python with pip, or ${pass}.`;
  if (why.offline) return `Unset HF_HUB_OFFLINE, or ${pass}.`;
  return `Check the name and the connection, or ${pass}.`;
}
