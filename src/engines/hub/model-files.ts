import { isModelFile } from "../../formats/model-file-names.js";
import type { Remote } from "./remote.js";
import { SourceFailed } from "./source-failed.js";

/** A file of a model on a hub. */
export type ModelFile = {
  path: string;
  sizeBytes: number;
  /** What its content must hash to, where the hub says so, as one that names commits always does. */
  digest: { kind: "sha256" | "git-sha1"; hex: string } | undefined;
};

/**
 * The files of a model that are worth fetching, smallest first: the configuration tells whether the rest is of use.
 *
 * @throws {SourceFailed} it holds no configuration or no weights in safetensors, or names a commit but not each hash
 */
export async function listModelFiles(remote: Remote): Promise<ModelFile[]> {
  const listed = (await remote.list()).filter(({ path }) => isModelFile(path));
  const files = [...new Map(listed.map((file) => [file.path, file])).values()];
  if (!files.every(({ sizeBytes }) => Number.isSafeInteger(sizeBytes) && sizeBytes >= 0))
    throw new SourceFailed("gave an unusable answer");
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
