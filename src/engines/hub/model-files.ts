import { listFiles } from "@huggingface/hub";
import { SourceFailed } from "./source-failed.js";

/** A file of a model on a hub. */
export type ModelFile = {
  path: string;
  sizeBytes: number;
  /** What its content must hash to, where the hub says so. */
  digest: { kind: "sha256" | "git-sha1"; hex: string } | undefined;
};

/** What we need of a model: configuration, tokenizer, weights. Names without a slash, so none can leave the folder. */
const WANTED =
  /^(config\.json|generation_config\.json|tokenizer[\w.-]*\.json|special_tokens_map\.json|model[\w.-]*\.safetensors|model\.safetensors\.index\.json)$/;

/** How a request reaches the hub; what the calls of the hub's library share. */
export type Remote = {
  repo: { type: "model"; name: string };
  hubUrl: string;
  fetch: typeof fetch;
};

/**
 * The files of a model that are worth fetching, smallest first: the configuration tells whether the rest is of use.
 *
 * @throws {SourceFailed} it holds no configuration or no weights in safetensors
 */
export async function listModelFiles(remote: Remote): Promise<ModelFile[]> {
  const files: ModelFile[] = [];
  for await (const { type, path, size, oid, lfs } of listFiles(remote)) {
    if (type !== "file" || !WANTED.test(path)) continue;
    files.push({ path, sizeBytes: lfs?.size ?? size, digest: digestOf(oid, lfs?.oid) });
  }
  if (!files.some(({ path }) => path === "config.json")) throw new SourceFailed("has no config.json for it");
  if (!files.some(({ path }) => path.endsWith(".safetensors"))) {
    throw new SourceFailed("has no safetensors weights for it");
  }
  return files.sort((a, b) => rank(a) - rank(b) || a.sizeBytes - b.sizeBytes);
}

function rank({ path }: ModelFile): number {
  return path === "config.json" ? 0 : 1;
}

/** Large files are known by the hash of their content, small ones by that of their git object. */
function digestOf(oid: string | undefined, lfsOid: string | undefined): ModelFile["digest"] {
  if (lfsOid !== undefined && /^[0-9a-f]{64}$/.test(lfsOid)) return { kind: "sha256", hex: lfsOid };
  if (lfsOid === undefined && oid !== undefined && /^[0-9a-f]{40}$/.test(oid))
    return { kind: "git-sha1", hex: oid };
  return undefined;
}
