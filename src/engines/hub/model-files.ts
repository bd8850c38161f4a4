import type { Remote } from "./remote.js";
import { SourceFailed } from "./source-failed.js";

/** A file of a model on a hub. */
export type ModelFile = {
  path: string;
  sizeBytes: number;
  /** What its content must hash to, where the hub says so, as one that names commits always does. */
  digest: { kind: "sha256" | "git-sha1"; hex: string } | undefined;
};

/** What we need of a model: configuration, tokenizer, weights. Names without a slash, so none can leave the folder. */
const WANTED =
  /^(config\.json|generation_config\.json|tokenizer[\w.-]*\.json|special_tokens_map\.json|model[\w.-]*\.safetensors|model\.safetensors\.index\.json)$/;

/**
 * The files of a model that are worth fetching, smallest first: the configuration tells whether the rest is of use.
 *
 * @throws {SourceFailed} it holds no configuration or no weights in safetensors, or names a commit but not each hash
 */
export async function listModelFiles(remote: Remote): Promise<ModelFile[]> {
  const files = (await remote.list()).filter(({ path }) => WANTED.test(path));
  if (!files.some(({ path }) => path === "config.json")) throw new SourceFailed("has no config.json for it");
  if (!files.some(({ path }) => path.endsWith(".safetensors"))) {
    throw new SourceFailed("has no safetensors weights for it");
  }
  const nameless = remote.commit && files.find(({ digest }) => !digest);
  if (nameless) throw new SourceFailed(`lists no hash of ${nameless.path}`);
  return files.sort((a, b) => rank(a) - rank(b) || a.sizeBytes - b.sizeBytes);
}

function rank({ path }: ModelFile): number {
  return path === "config.json" ? 0 : 1;
}
