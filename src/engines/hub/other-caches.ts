import { join } from "node:path";
import { huggingFaceRepo } from "./huggingface-cache.js";
import { expandUser, userFolder } from "./user-folder.js";
import { isWholeModel, readText } from "./whole-model.js";

/** Where ModelScope's own tools keep models, by the layouts of their versions: `MODELSCOPE_CACHE`, or the user's cache. */
export function modelscopeCaches(env: NodeJS.ProcessEnv): string[] {
  const chosen = env["MODELSCOPE_CACHE"];
  const top = chosen ? expandUser(chosen, env) : join(userFolder(env), ".cache", "modelscope");
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
  const repo = huggingFaceRepo(id, env);
  const commit = readText(join(repo, "refs", "main"))?.trim() ?? "";
  const folders = /^[\w-]+$/.test(commit) ? [join(repo, "snapshots", commit)] : [];
  for (const cache of modelscopeCaches(env)) {
    folders.push(join(cache, organisation, name.replaceAll(".", "___")), join(cache, organisation, name));
  }
  return folders.find(isWholeModel);
}
