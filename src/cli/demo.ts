import { access, rm } from "node:fs/promises";
import { join } from "node:path";
import { readPersona } from "../../personas/read.js";
import { writeMemoTrace } from "../../personas/write-memotrace.js";
import { writeFolder } from "../files.js";
import { lockProject } from "../project/lock.js";
import { isProject } from "../project/project-file.js";
import { kouwenHome, packageRoot } from "../project/paths.js";
import type { Command } from "./command.js";
import { showOutcome } from "./outcome.js";
import { walkRoad } from "./run.js";
import { freshFlag } from "./stage-command.js";

/** Who the demo learns, and from which model: small enough for two cores and 3 GiB. */
const PERSONA = "remy";
const BASE = "smollm2:135m";

/** `kouwen demo`: the whole road on a fictional person who ships with the project. */
export const demo: Command = {
  name: "demo",
  summary: "walks the whole road on a fictional person and a real model",
  usage: "",
  positionals: { min: 0, max: 0 },
  flags: { ...freshFlag },
  run: async ({ flags, io }) => {
    const project = join(kouwenHome(), "demo");
    if (flags["fresh"] === true && (await isProject(project))) {
      // Not from under a process that is at work in it; the lock goes with the folder.
      await lockProject(project);
      await rm(project, { recursive: true, force: true });
    }
    const persona = await readPersona(join(packageRoot, "personas", PERSONA));
    const inputs = join(project, "export");
    const written = await access(inputs).then(
      () => true,
      () => false,
    );
    if (!written)
      await writeFolder(inputs, "demo", (folder) => writeMemoTrace(persona, folder, { generation: "v2" }));
    io.say(`${persona.name} does not exist; ${persona.sessions.length} chats were written for this demo.`);
    const results = await walkRoad({ project, inputs: [inputs], base: BASE, flags: DEMO_SETTINGS }, io);
    await showOutcome(project, results, io);
  },
};

/** Where the demo differs from the defaults, so that it ends within minutes on two cores. */
const DEMO_SETTINGS = {
  train: { epochs: 1, memoryGib: 2.5 },
  compare: { prompts: 60, contextTurns: 4, maxTokens: 96, sequences: 8 },
};
