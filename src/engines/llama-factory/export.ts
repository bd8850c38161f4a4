import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { replaceFolder, writeAtomic } from "../../files.js";
import { type Environment, quietEnvironment } from "./environment.js";
import { toYaml } from "./arguments.js";
import { runPlug } from "./run-plug.js";

/**
 * Merges an adapter into its base by LLaMA-Factory's own export; beside the model it leaves a Modelfile of its own, which
 * is not for use: its template starts with a token that the tokenizer adds too.
 *
 * @param paths `model`: the folder to write, replaced if there; `log`: takes the program's output
 * @param type of the written tensors; `auto` is the base's, but bfloat16 for float32 where the device can
 * @throws {Unavailable} it failed; names the cause
 */
export async function exportByLlamaFactory(
  paths: { base: string; adapter: string; model: string; log: string },
  template: string,
  type: "auto" | "float32" | "float16" | "bfloat16",
  place: { environment: Environment; plug: string; env: NodeJS.ProcessEnv },
): Promise<void> {
  const folder = await mkdtemp(join(dirname(resolve(paths.model)), "export-"));
  try {
    await copyFile(place.plug, join(folder, "plug.py"));
    const yaml = toYaml({
      model_name_or_path: resolve(paths.base),
      adapter_name_or_path: resolve(paths.adapter),
      trust_remote_code: false,
      template,
      infer_dtype: type,
      export_dir: "model",
      export_size: 5,
      export_device: "cpu",
      export_legacy_format: false,
    });
    await writeAtomic(join(folder, "export.yaml"), "merge", (sink) => sink.write(yaml));
    const { executable } = place.environment;
    await runPlug("export", { executable, folder, log: paths.log, env: quietEnvironment(place.env) });
    await replaceFolder(join(folder, "model"), paths.model);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
