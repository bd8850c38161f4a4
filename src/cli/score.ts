import { scoreDialogues } from "../augment/score.js";
import { augmentSettings } from "../augment/settings.js";
import { MalformedInput } from "../errors.js";
import { lockProject } from "../project/lock.js";
import { artifactPath } from "../project/paths.js";
import { resolveSettings } from "../project/settings.js";
import { flagsOf, settingsAmong } from "./arguments.js";
import type { Call, Flag } from "./command.js";
import { withEngines } from "./engines.js";
import { sendFlag, withLeave } from "./send.js";

const CHOSEN = {
  llm: true,
  llmUrl: true,
  llmModel: true,
  llmKey: true,
  sendTo: true,
  parallel: true,
} as const;
const endpointFlags = flagsOf(augmentSettings.pick(CHOSEN));

/** Has a model judge dialogues; which one is said each time, so that scoring alone never turns on anything else. */
export const scoreFlags: Record<string, Flag> = {
  score: {
    kind: "boolean",
    describe: "only have the model that --llm names give each dialogue 1 to 5 points",
  },
  ...endpointFlags,
  llm: {
    ...endpointFlags["llm"]!,
    describe: endpointFlags["llm"]!.describe.replace(
      "completes the dialogues",
      "gives the points of --score",
    ),
  },
  ...sendFlag,
};

/**
 * Scores the dialogues of a project and shows how many have each score.
 *
 * @throws {MalformedInput} no model is named
 */
export async function scoreProject(
  project: string,
  flags: Record<string, unknown>,
  io: Call["io"],
): Promise<void> {
  const chosen = settingsAmong(flags, augmentSettings.pick(CHOSEN));
  const { values: settings } = resolveSettings("dialogue", augmentSettings, {}, chosen);
  if (settings.llm === "") {
    throw new MalformedInput("dialogue --score: no model is named. Add --llm ollama or another service.", {
      stage: "dialogue",
    });
  }
  const unlock = await lockProject(project);
  try {
    const paths = { dialogues: artifactPath(project, "dialogues"), out: project };
    const run = withLeave(io, flags);
    const report = await withEngines(async (engines) =>
      scoreDialogues(paths, settings, await engines.llm(settings, project, run), run),
    );
    const { scores, unscored, model } = report;
    const counts = scores.map((count, index) => `${count} with ${index + 1}`).join(", ");
    const text = `points given by ${model}: ${counts}; ${unscored} without. --least-score 3 leaves out those below 3.`;
    io.result({ project, ...report }, text);
  } finally {
    await unlock();
  }
}
