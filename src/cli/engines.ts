import { factoryFile, type FactoryPlace } from "../engines/llama-factory/environment.js";
import { LOCAL } from "../engines/llm-api/endpoints.js";
import type { ServingHost } from "../engines/ports.js";
import { cacheFolder, kouwenHome, packageRoot } from "../project/paths.js";
import { sendNotes } from "../project/sent.js";
import type { Engines } from "../project/road.js";
import type { BaseResolver } from "../project/runner.js";

/** The base where none was named: trains within minutes on two cores. */
export const DEFAULT_BASE = "smollm2:135m";

/** Hands over engines that are loaded when first asked for, and closes those that were. */
export async function withEngines<Result>(
  use: (engines: Engines & { servingHost: () => Promise<ServingHost> }) => Promise<Result>,
): Promise<Result> {
  const opened: { close: () => Promise<void> }[] = [];
  const servingHost = async (): Promise<ServingHost> => {
    const host = await (await import("../engines/llama-cpp/host.js")).createHost();
    opened.push(host);
    return host;
  };
  try {
    return await use({
      servingHost,
      trainer: async () => (await import("../engines/onnxruntime/trainer.js")).createTrainer(),
      otherTraining: async () => {
        const { trainByLlamaFactory } = await import("../engines/llama-factory/train.js");
        return trainByLlamaFactory(factoryPlace());
      },
      otherMerge: async () => {
        const { mergeByLlamaFactory } = await import("../engines/llama-factory/export.js");
        return mergeByLlamaFactory(factoryPlace());
      },
      host: servingHost,
      llm: async (choice, project, run) => {
        if (choice.llm === LOCAL) {
          const { ggufOf } = await import("../engines/hub/gguf-of.js");
          const path = await ggufOf(choice.llmModel, "augment", { cacheFolder: cacheFolder() }, run);
          const { openLocalLlm } = await import("../engines/llama-cpp/local-llm.js");
          return openLocalLlm(await servingHost(), path, "augment", run);
        }
        const { resolveEndpoint } = await import("../engines/llm-api/endpoints.js");
        const { openApi } = await import("../engines/llm-api/open-api.js");
        const endpoint = resolveEndpoint(choice, process.env, "augment");
        return openApi(endpoint, "augment", { onSend: sendNotes(project) });
      },
      quantizer: async () => (await import("../engines/llama-cpp/quantizer.js")).createQuantizer(),
    });
  } finally {
    for (const engine of opened) await engine.close();
  }
}

/** Finds or fetches the base model of a project. */
export function baseResolver(): BaseResolver {
  return async (name, run) => {
    const { resolveBase } = await import("../engines/hub/resolve-base.js");
    const { folder } = await resolveBase(name ?? DEFAULT_BASE, { cacheFolder: cacheFolder() }, run);
    return folder;
  };
}

/** Where LLaMA-Factory is looked for, and the file that starts it. */
export function factoryPlace(): FactoryPlace {
  return { plug: factoryFile(packageRoot, "plug.py"), home: kouwenHome(), env: process.env };
}
