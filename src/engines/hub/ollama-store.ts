import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { MalformedInput, Unavailable, Unsupported } from "../../errors.js";
import { userFolder } from "./user-folder.js";

const Manifest = z.object({
  layers: z.array(
    z.object({
      mediaType: z.string(),
      digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
      size: z.number().int().positive(),
    }),
  ),
});

/** The GGUF file of a model in the store. */
export type OllamaBlob = { path: string; digest: string; sizeBytes: number };

const NAME = /^(?:(?:([\w-][\w.-]*)\/)?([\w-][\w.-]*)\/)?([\w-][\w.-]*?)(?::([\w-][\w.-]*))?$/;

/** Where the local Ollama keeps its models: `OLLAMA_MODELS`, or its place in the user's folder. */
export function ollamaStore(env: NodeJS.ProcessEnv): string {
  return env["OLLAMA_MODELS"] || join(userFolder(env), ".ollama", "models");
}

/**
 * The weights that the local Ollama has of a model.
 *
 * @param name `model`, `model:tag`, `user/model:tag` or, as from other registries, `hf.co/user/model:tag`; the tag is
 *   `latest` unless given
 * @throws {Unavailable} it is not in the store, or not whole
 * @throws {Unsupported} an adapter is part of it: its weights alone would be another model
 * @throws {MalformedInput} no such name can be, or the manifest is broken
 * @source Ollama: manifests/<registry>/<user or library>/<model>/<tag>, blobs/sha256-<digest>
 */
export async function findInOllama(name: string, env: NodeJS.ProcessEnv): Promise<OllamaBlob> {
  const [, registry, user = "library", model, tag = "latest"] = NAME.exec(name) ?? [];
  const subject = `base ollama:${name.slice(0, 80)}`;
  if (model === undefined) {
    throw new MalformedInput(`${subject}: no name of a model (name:tag). See ollama list.`, {
      stage: "base",
    });
  }
  const store = ollamaStore(env);
  const text = await findManifest(store, registry, [user, model, tag]);
  if (text === undefined) {
    const next = "Fetch it with ollama pull, or set OLLAMA_MODELS";
    throw new Unavailable(`${subject}: not in the local Ollama's store. ${next}.`, { stage: "base" });
  }
  const manifest = Manifest.safeParse(parsed(text));
  const layer = (kind: string) =>
    manifest.data?.layers.find(({ mediaType }) => mediaType === `application/vnd.ollama.image.${kind}`);
  const weights = layer("model");
  if (!weights) {
    throw new MalformedInput(`${subject}: its manifest names no weights. Fetch it again with ollama pull.`, {
      stage: "base",
    });
  }
  if (layer("adapter")) {
    throw new Unsupported(`${subject}: an adapter on another model (only whole models are). Pass its base.`, {
      stage: "base",
    });
  }
  const path = join(store, "blobs", weights.digest.replace(":", "-"));
  const size = (await stat(path).catch(() => undefined))?.size ?? 0;
  if (size !== weights.size) {
    throw new Unavailable(
      `${subject}: its weights have ${size} bytes of ${weights.size}. Fetch it again with ollama pull.`,
      { stage: "base" },
    );
  }
  return { path, digest: weights.digest.slice("sha256:".length), sizeBytes: size };
}

/** The manifest under the registry, or under whichever the model came from. */
async function findManifest(
  store: string,
  registry: string | undefined,
  parts: readonly string[],
): Promise<string | undefined> {
  const manifests = join(store, "manifests");
  for (const each of registry ? [registry] : await readdir(manifests).catch(() => [])) {
    const text = await readFile(join(manifests, each, ...parts), "utf8").catch(() => undefined);
    if (text !== undefined) return text;
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
