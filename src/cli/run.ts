import { resolve } from "node:path";
import { MalformedInput } from "../errors.js";
import { checkInputs } from "../import/check-inputs.js";
import { isProject } from "../project/project-file.js";
import { projectName } from "../project/project-name.js";
import { roadStages } from "../project/road.js";
import { runStages, type StageResult, type Wish } from "../project/runner.js";
import { slug } from "../project/slug.js";
import { baseFlag, namedBase } from "./base-option.js";
import type { Call, Command, Flag } from "./command.js";
import { baseResolver, withEngines } from "./engines.js";
import { existingProject, madeProjectFlag, projectToMake } from "./project-option.js";
import { mixSettings, recipeNamed, requireIngredients } from "./recipes.js";
import { settingFlags, stageSettings } from "./setting-flags.js";
import { showOutcome } from "./outcome.js";
import { freshFlag } from "./stage-command.js";
import { keepForVotes } from "./train.js";

const runFlags: Record<string, Flag> = {
  owner: { kind: "string", describe: "your name as the chats show it", hint: "name" },
  ...baseFlag,
  recipe: {
    kind: "string",
    hint: "name",
    describe:
      "settings that go together; classic: dashscope completes and edits the dialogues, LLaMA-Factory trains deepseek-r1:1.5b as it recommends",
  },
  sample: { kind: "number", describe: "train on about this many dialogues only, spread over contacts" },
};

/** `kouwen run`: the whole road on a person's own files. */
export const run: Command = {
  name: "run",
  summary: "walks the whole road: from exported chats to a compared model",
  usage: "[<export file or folder>…]",
  positionals: { min: 0, max: Infinity },
  flags: { ...runFlags, ...madeProjectFlag, ...settingFlags, ...freshFlag },
  examples: [
    "kouwen run ~/exports/wechat --owner 阿泽 --base qwen2.5:0.5b --project aze",
    "kouwen run --project aze --set train.epochs=3",
    "kouwen run ~/exports/wechat --owner 阿泽 --recipe classic",
  ],
  run: async ({ positionals, flags, io }) => {
    const {
      owner,
      sample,
      project: given,
      recipe: named,
    } = flags as { owner?: string; sample?: number; project?: string; recipe?: string };
    const recipe = named === undefined ? undefined : recipeNamed(named);
    const here = (await isProject(process.cwd())) ? "." : undefined;
    const name = given ?? (owner ? slug(owner) : positionals[0] ? slug(positionals[0]) : here);
    if (name === undefined) {
      throw new MalformedInput(
        "run arguments: neither an export nor --project is given. See kouwen run --help.",
        { stage: "run" },
      );
    }
    const inputs = positionals.map((path) => resolve(path));
    await checkInputs(inputs);
    const settings = mixSettings(recipe?.settings ?? {}, stageSettings(flags));
    const sampled = sample === undefined ? {} : { sample };
    settings["import"] = { ...(owner === undefined ? {} : { owner }), ...sampled, ...settings["import"] };
    settings["dialogue"] = { ...sampled, ...settings["dialogue"] };
    if (recipe) await requireIngredients(settings);
    const project = inputs.length > 0 ? await projectToMake(name, "run") : await existingProject(name, "run");
    if (await isProject(project)) await keepForVotes(project, settings["train"] ?? {});
    const base = namedBase(flags["base"] ?? recipe?.base);
    const wish: Wish = {
      project,
      flags: settings,
      fresh: flags["fresh"] === true,
      ...(inputs.length > 0 ? { inputs } : {}),
      ...(base === undefined ? {} : { base }),
    };
    const results = await walkRoad(wish, io);
    await showOutcome(project, results, io);
    if (recipe) io.say(`next: ${recipe.next} --project ${projectName(project)}`);
  },
};

/** Does all stages. */
export function walkRoad(wish: Wish, io: Call["io"]): Promise<StageResult[]> {
  return withEngines((engines) => runStages(roadStages(engines), wish, baseResolver(), io));
}
