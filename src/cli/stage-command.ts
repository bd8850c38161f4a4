import { roadStages } from "../project/road.js";
import { runStages, type StageResult } from "../project/runner.js";
import type { Stage } from "../project/stage.js";
import { flagsOf, settingsAmong } from "./arguments.js";
import { namedBase } from "./base-option.js";
import type { Call, Command, Flag } from "./command.js";
import { baseResolver, withEngines } from "./engines.js";
import { existingProject, projectFlag } from "./project-option.js";

/** Makes a stage be done again from its beginning. */
export const freshFlag: Record<"fresh", Flag> = {
  fresh: { kind: "boolean", describe: "do it again from the beginning, even if nothing changed" },
};

/**
 * A command that does one stage of an existing project.
 *
 * @param show shows the result; without it, the line that every stage ends with
 */
export function stageCommand(name: string, show: ShowResult = showSummary): Command {
  const stage = stageNamed(name);
  return {
    name,
    summary: stage.summary,
    usage: "",
    positionals: { min: 0, max: 0 },
    flags: { ...projectFlag, ...freshFlag, ...flagsOf(stage.schema) },
    run: async ({ flags, io }) => {
      const project = await existingProject(flags["project"], name);
      await show(project, await runIn(project, [stage], flags, io), io);
    },
  };
}

/** Shows what stages made. */
export type ShowResult = (project: string, results: readonly StageResult[], io: Call["io"]) => Promise<void>;

/** The result as data only: people have read it when the stage ended. */
export const showSummary: ShowResult = async (project, results, io) => {
  io.result({ project, ...results.at(-1)!.result }, "");
};

/** Does stages in a project with the flags of a single stage's command. */
export async function runIn(
  project: string,
  stages: readonly Stage[],
  flags: Record<string, unknown>,
  io: Call["io"],
  more: { inputs?: string[] } = {},
): Promise<StageResult[]> {
  return withEngines((engines) => {
    const road = roadStages(engines).filter((stage) => stages.some(({ name }) => name === stage.name));
    const own = Object.fromEntries(stages.map(({ name, schema }) => [name, settingsAmong(flags, schema)]));
    const base = namedBase(flags["base"]);
    const wish = {
      project,
      flags: own,
      fresh: flags["fresh"] === true,
      ...(base === undefined ? {} : { base }),
      ...more,
    };
    return runStages(road, wish, baseResolver(), io);
  });
}

/** The words of the road, in order. */
export function stageNames(): string[] {
  return described().map(({ name }) => name);
}

/** The stage of that name, for its summary and settings only; its engines are not there. */
export function stageNamed(name: string): Stage {
  return described().find((stage) => stage.name === name)!;
}

function described(): Stage[] {
  return roadStages({
    trainer: absent,
    otherTraining: absent,
    otherMerge: absent,
    host: absent,
    quantizer: absent,
    llm: absent,
  });
}

function absent(): never {
  throw new Error("internal: a stage was run that was only to be described");
}
