import { Unsupported } from "../errors.js";
import { kouwenHome, packageRoot } from "../project/paths.js";
import type { Command } from "./command.js";

/** `kouwen setup`: installs what Kouwen can use but does not bring. */
export const setup: Command = {
  name: "setup",
  summary: "installs LLaMA-Factory, which kouwen train --engine llamafactory uses",
  usage: "llamafactory",
  positionals: { min: 1, max: 1 },
  flags: {
    device: {
      kind: "string",
      hint: "auto|cpu",
      describe: "cpu: PyTorch without CUDA, by uv only",
      default: "auto",
    },
    fresh: { kind: "boolean", describe: "install anew, even where a version that fits is found" },
  },
  examples: ["kouwen setup llamafactory", "kouwen setup llamafactory --device cpu"],
  run: async ({ positionals, flags, io }) => {
    const device = flags["device"] ?? "auto";
    if (positionals[0] !== "llamafactory" || (device !== "auto" && device !== "cpu")) {
      throw new Unsupported("setup: only llamafactory can be set up, for --device auto or cpu.", {
        stage: "setup",
      });
    }
    const { factoryFile } = await import("../engines/llama-factory/environment.js");
    const { setupEnvironment } = await import("../engines/llama-factory/setup.js");
    const { environment, built } = await setupEnvironment(
      {
        plug: factoryFile(packageRoot, "plug.py"),
        requirements: factoryFile(packageRoot, "requirements.txt"),
        home: kouwenHome(),
      },
      { device, fresh: flags["fresh"] === true },
      process.env,
      io,
    );
    const { llamafactory, torch, gpus, python } = environment;
    io.result(
      { ...environment, built },
      `LLaMA-Factory ${llamafactory} ${built ? "installed" : "found"}: Python ${python}, torch ${torch}, ${gpus} GPUs`,
    );
  },
};
