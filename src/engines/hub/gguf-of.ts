import { existsSync } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { MalformedInput } from "../../errors.js";
import { templateFor } from "../../formats/template/chat-template.js";
import { loadTokenizer } from "../../formats/tokenizer/tokenizer.js";
import { gguf } from "../../gguf/gguf.js";
import type { Run } from "../../progress.js";
import type { BaseOptions } from "./base.js";
import { resolveBase } from "./resolve-base.js";
import { SHORT_NAMES } from "./short-names.js";

/**
 * The GGUF that a name means: a file, or a base model by its short name, written once as F16 into the cache.
 *
 * @param stage the stage word, for errors
 * @throws {MalformedInput} neither a file nor a short name
 * @throws {Unavailable} no source gives the base
 */
export async function ggufOf(
  name: string,
  stage: string,
  options: BaseOptions,
  run: Run = {},
): Promise<string> {
  if (!Object.hasOwn(SHORT_NAMES, name)) {
    const info = name === "" ? undefined : await stat(name).catch(() => undefined);
    if (info?.isFile()) return name;
    throw new MalformedInput(
      `${stage} --llm: local needs a model. Give --llm-model the path of a GGUF file, or one of ${Object.keys(SHORT_NAMES).join(", ")}.`,
      { stage },
    );
  }
  const folder = join(options.cacheFolder, "gguf");
  const path = join(folder, `${name.replace(":", "-")}-f16.gguf`);
  if (existsSync(path)) return path;
  const base = await resolveBase(name, options, run);
  await mkdir(folder, { recursive: true });
  const template = templateFor(await loadTokenizer(base.folder, stage), stage);
  await gguf({ model: base.folder, gguf: path }, { name: base.name, template }, run);
  return path;
}
