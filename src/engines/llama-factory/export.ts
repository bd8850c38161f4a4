import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { replaceFolder, writeAtomic } from "../../files.js";
import { readModelConfig } from "../../formats/model-config.js";
import { openAdapter } from "../../formats/peft/open-adapter.js";
import { openModelTensors } from "../../formats/safetensors/read.js";
import { copyBesideWeights } from "../../merge/merge.js";
import type { OtherMerge } from "../../merge/settings.js";
import { toYaml } from "./arguments.js";
import { type FactoryPlace, findEnvironment, quietEnvironment } from "./environment.js";
import { runPlug } from "./run-plug.js";
import { readTemplate } from "./template.js";

const STAGE = "merge";

/** torch's names of the types that we read. */
const DTYPES: Readonly<Record<string, string>> = { F32: "float32", F16: "float16", BF16: "bfloat16" };

/**
 * Merges an adapter into its base by LLaMA-Factory's own export, in the base's type. Everything beside the weights is
 * the base's: its export changes the tokenizer's files, and its Modelfile would give the model its first token twice.
 *
 * @throws {Unavailable} LLaMA-Factory is not there or failed; names the cause
 */
export function mergeByLlamaFactory(place: FactoryPlace): OtherMerge {
  return async (paths, run) => {
    const environment = await findEnvironment(place.plug, place.home, place.env);
    const { name } = await readTemplate(paths.base, await readModelConfig(paths.base, STAGE), STAGE);
    const base = await openModelTensors(paths.base, STAGE);
    const adapter = await openAdapter(paths.adapter, STAGE);
    const tensors = base.tensors.size;
    const adapted = adapter.source.tensors.size / 2;
    const type = [...base.tensors.values()][0]!.type;
    await Promise.all([base.close(), adapter.source.close()]);

    const out = dirname(resolve(paths.model));
    const folder = await mkdtemp(join(out, "merge."));
    try {
      await copyFile(place.plug, join(folder, "plug.py"));
      const yaml = toYaml({
        model_name_or_path: resolve(paths.base),
        adapter_name_or_path: resolve(paths.adapter),
        trust_remote_code: false,
        template: name,
        infer_dtype: DTYPES[type] ?? "auto",
        export_dir: "model",
        export_size: 5,
        export_device: "cpu",
        export_legacy_format: false,
      });
      await writeAtomic(join(folder, "export.yaml"), STAGE, (sink) => sink.write(yaml));
      const env = quietEnvironment(place.env);
      const log = join(out, "logs", "merge.llamafactory.log");
      run.onProgress?.({ stage: STAGE, done: 0, total: tensors, unit: "tensors", note: "LLaMA-Factory" });
      await runPlug("export", { executable: environment.executable, folder, log, env }, run.signal);
      await copyBesideWeights(paths.base, join(folder, "model"));
      await rm(join(folder, "model", "Modelfile"), { force: true });
      await replaceFolder(join(folder, "model"), paths.model);
      return { tensors, adapted };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}
