import { resolve } from "node:path";
import { checkInputs } from "../import/check-inputs.js";
import { slug } from "../project/slug.js";
import { flagsOf } from "./arguments.js";
import type { Command } from "./command.js";
import { madeProjectFlag, projectToMake } from "./project-option.js";
import { freshFlag, runIn, showSummary, stageNamed } from "./stage-command.js";

const stage = stageNamed("import");

/** `kouwen import`: also makes the project. */
export const importCommand: Command = {
  name: "import",
  summary: stage.summary,
  usage: "<export file or folder>…",
  positionals: { min: 1, max: Infinity },
  flags: { ...madeProjectFlag, ...freshFlag, ...flagsOf(stage.schema) },
  examples: ["kouwen import ~/exports/wechat --owner 阿泽 --project aze"],
  run: async ({ positionals, flags, io }) => {
    const inputs = positionals.map((path) => resolve(path));
    await checkInputs(inputs);
    const name = String(flags["project"] ?? slug(String(flags["owner"] || positionals[0])));
    const project = await projectToMake(name, "import");
    await showSummary(project, await runIn(project, [stage], flags, io, { inputs }), io);
    io.say(`project ${project}`);
  },
};
