import { cacheFolder } from "../project/paths.js";
import type { Command } from "./command.js";

/** `kouwen pull`: a base model, before anything needs it. */
export const pull: Command = {
  name: "pull",
  summary: "fetches a base model from a hub, or goes on where that was stopped",
  usage: "<model>",
  positionals: { min: 1, max: 1 },
  flags: {
    hubs: {
      kind: "string",
      hint: "names",
      describe: "hubs to ask, in order (default: KOUWEN_HUBS, or huggingface,hf-mirror,modelscope)",
    },
  },
  examples: ["kouwen pull qwen2.5:0.5b", "kouwen pull Qwen/Qwen3-0.6B --hubs modelscope"],
  run: async ({ positionals: [name = ""], flags, io }) => {
    const { resolveBase } = await import("../engines/hub/resolve-base.js");
    const hubs = flags["hubs"];
    const env = hubs === undefined ? process.env : { ...process.env, KOUWEN_HUBS: String(hubs) };
    const base = await resolveBase(name, { cacheFolder: cacheFolder(), env }, io);
    io.result(base, `${base.name} is in ${base.folder}; --base ${name} takes it`);
  },
};
