import type { Engines } from "../project/road.js";

/** Hands over engines that are loaded when first asked for, and closes those that were. */
export async function withEngines<Result>(use: (engines: Engines) => Promise<Result>): Promise<Result> {
  const opened: { close: () => Promise<void> }[] = [];
  try {
    return await use({
      trainer: async () => (await import("../engines/onnxruntime/trainer.js")).createTrainer(),
      host: async () => {
        const host = await (await import("../engines/llama-cpp/host.js")).createHost();
        opened.push(host);
        return host;
      },
      quantizer: async () => (await import("../engines/llama-cpp/quantizer.js")).createQuantizer(),
    });
  } finally {
    for (const engine of opened) await engine.close();
  }
}
