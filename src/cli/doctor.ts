import { mkdir } from "node:fs/promises";
import { readMachine } from "../engines/machine.js";
import { kouwenHome } from "../project/paths.js";
import type { Command } from "./command.js";

/** `kouwen doctor`: what is here, and what it can train. */
export const doctor: Command = {
  name: "doctor",
  summary: "says what this machine has, and measures what it can train",
  usage: "",
  positionals: { min: 0, max: 0 },
  flags: {},
  run: async ({ io }) => {
    await mkdir(kouwenHome(), { recursive: true });
    const machine = await readMachine(kouwenHome());
    const rows: [string, string][] = [
      ["processor", machine.processor],
      ["cores", String(machine.cores)],
      ["memory", `${machine.memoryGib} GiB, ${machine.availableMemoryGib} GiB available`],
      ["disk", `${machine.diskFreeGib} GiB free for ${kouwenHome()}`],
      [
        "vectors",
        machine.vectors === null ? "not told by this system" : machine.vectors.join(", ") || "none we use",
      ],
      ["node", process.version],
    ];
    const width = Math.max(...rows.map(([name]) => name.length));
    io.result({ machine }, rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join("\n"));
  },
};
