import { MalformedInput } from "../errors.js";
import { cacheFolder } from "../project/paths.js";
import type { KeptModel } from "../engines/hub/list-models.js";
import type { Command } from "./command.js";
import { confirm } from "./confirm.js";
import { short } from "./progress-bar.js";

/** `kouwen models`: the base models on this machine. */
export const models: Command = {
  name: "models",
  summary: "lists the base models on this machine and their sizes, and removes fetched ones",
  usage: "",
  positionals: { min: 0, max: 0 },
  flags: {
    remove: {
      kind: "string",
      hint: "model",
      describe: "remove this one from Kouwen's cache or Hugging Face's",
    },
    yes: { kind: "boolean", describe: "do not ask first" },
  },
  examples: ["kouwen models", "kouwen models --remove Qwen/Qwen3-0.6B"],
  run: async ({ flags, io }) => {
    const { listModels, removeModel } = await import("../engines/hub/list-models.js");
    const kept = await listModels(cacheFolder(), process.env);
    if (flags["remove"] === undefined) return io.result(kept, formatModels(kept));
    const name = String(flags["remove"]);
    const named = kept.filter((one) => one.name === name);
    const model = named.find(({ whole }) => whole) ?? named[0];
    if (!model) {
      const next = "See kouwen models";
      throw new MalformedInput(`models --remove: none of ${kept.length} has that name. ${next}.`, {
        stage: "models",
      });
    }
    const shared = model.keeper === "huggingface";
    if (flags["yes"] !== true && (shared || model.keeper === "kouwen"))
      await confirm(
        `Remove ${model.name} (${bytes(model)})${shared ? " from Hugging Face's cache" : ""}?`,
        shared
          ? "transformers and other programs lose it too, in all its versions"
          : "it has to be fetched again before it is used",
        "models --remove",
        io,
      );
    await removeModel(model);
    const where = shared ? " from Hugging Face's cache, for other programs too" : "";
    io.result(model, `${model.name} is removed${where}; ${bytes(model)} are free again`);
  },
};

/** One line a model: name, size, who keeps it. */
export function formatModels(kept: readonly KeptModel[]): string {
  if (kept.length === 0) return "no models yet; kouwen pull fetches one";
  const width = Math.max(...kept.map(({ name }) => name.length));
  return kept
    .map((model) => {
      return `${model.name.padEnd(width)}  ${bytes(model).padStart(8)}  ${model.keeper}${stateOf(model)}`;
    })
    .join("\n");
}

function stateOf({ whole, folder }: KeptModel): string {
  if (whole) return "";
  return folder.endsWith(".partial") ? "  (begun; pull goes on)" : "  (not usable as base)";
}

function bytes({ sizeBytes }: KeptModel): string {
  return sizeBytes === null ? "—" : `${short(sizeBytes)}B`;
}
