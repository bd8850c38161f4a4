import { readRules, writeRules } from "../augment/rules.js";
import { priceText } from "../augment/ask-to-send.js";
import { costOf, usedOf } from "../augment/cost.js";
import { estimate } from "../augment/estimate.js";
import { augmentSettings } from "../augment/settings.js";
import type { Dialogue } from "../dialogue/dialogue.js";
import { readJsonLines } from "../files.js";
import { artifactPath } from "../project/paths.js";
import { readProject } from "../project/project-file.js";
import { requireMade } from "../project/require-made.js";
import { resolveSettings } from "../project/settings.js";
import { flagsOf, settingsAmong } from "./arguments.js";
import type { Call, Command } from "./command.js";
import { existingProject, projectFlag } from "./project-option.js";
import { sendFlag, withLeave } from "./send.js";
import { showAblation } from "./show-ablation.js";
import { freshFlag, runIn, showSummary, stageNamed } from "./stage-command.js";

const stage = stageNamed("augment");

/** `kouwen augment`: also says beforehand what it would send, and hands out its rules for editing. */
export const augmentCommand: Command = {
  name: "augment",
  summary: stage.summary,
  usage: "",
  positionals: { min: 0, max: 0 },
  flags: {
    ...projectFlag,
    ...freshFlag,
    ...flagsOf(stage.schema),
    ...sendFlag,
    dryRun: { kind: "boolean", describe: "only estimate what would be sent, and send nothing" },
    ablate: {
      kind: "boolean",
      describe: "then train with and without the made-up turns, for as many steps, and say whether they help",
    },
    rules: { kind: "boolean", describe: "only write the rules for the model into the project, to be edited" },
  },
  examples: [
    "kouwen augment --llm dashscope --project aze",
    "kouwen augment --llm ollama --llm-model qwen2.5:7b --project aze",
  ],
  run: async ({ flags: given, io }) => {
    // Whoever names another service does not mean the address, model or key of the one before.
    const flags = given["llm"] === undefined ? given : { llmUrl: "", llmModel: "", llmKey: "", ...given };
    const project = await existingProject(flags["project"], "augment");
    if (flags["rules"] === true) {
      const written = await writeRules(project);
      for (const path of written) io.say(`wrote ${path}`);
      io.result({ project, written }, "");
    } else if (flags["dryRun"] === true) await showEstimate(project, flags, io);
    else {
      const results = await runIn(project, [stage], flags, withLeave(io, flags));
      await (flags["ablate"] === true ? showAblation(project, io) : showSummary(project, results, io));
    }
  },
};

async function showEstimate(project: string, flags: Record<string, unknown>, io: Call["io"]): Promise<void> {
  const path = artifactPath(project, "dialogues");
  requireMade(path, project, "augment");
  const { settings } = await readProject(project);
  const { values } = resolveSettings(
    "augment",
    augmentSettings,
    settings["augment"] ?? {},
    settingsAmong(flags, augmentSettings),
  );
  const dialogues: Dialogue[] = [];
  for await (const one of readJsonLines<Dialogue>(path, "augment"))
    if (one.split === "train") dialogues.push(one);
  const made = estimate(dialogues, { rules: await readRules(project), mode: values.mode });
  const { bytes, promptTokens, answerTokens } = made;
  const text = `${dialogues.length} dialogues, ${Math.ceil(bytes / 1000)} kB: about ${promptTokens} tokens to send, ${answerTokens} to get back${priceText(made, values)}; nothing was sent`;
  io.result({ project, ...made, cost: costOf(usedOf(made, values.batch), values) }, text);
}
