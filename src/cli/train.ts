import { loadTokenizer } from "../formats/tokenizer/tokenizer.js";
import { MalformedInput, Unsupported } from "../errors.js";
import { keepTrainedAdapter, refinesOwn } from "../project/keep-adapter.js";
import { lockProject } from "../project/lock.js";
import { artifactPath } from "../project/paths.js";
import { readProject } from "../project/project-file.js";
import { learntFrom } from "../project/road.js";
import { requireMade } from "../project/require-made.js";
import { resolveSettings } from "../project/settings.js";
import { packRun } from "../train/pack.js";
import { readSamples } from "../train/read-samples.js";
import { type TrainStageSettings, trainStageSettings } from "../train/engine-settings.js";
import { showSamples, type ShownToken } from "../train/show.js";
import { settingsAmong } from "./arguments.js";
import { baseFlag, namedBase } from "./base-option.js";
import type { Call, Command } from "./command.js";
import { baseResolver, factoryPlace } from "./engines.js";
import { existingProject } from "./project-option.js";
import { stageCommand } from "./stage-command.js";

const stage = stageCommand("train");

/** `kouwen train`; with `--show` it prints what the model is fed instead of training. */
export const trainCommand: Command = {
  ...stage,
  flags: {
    ...stage.flags,
    ...baseFlag,
    show: {
      kind: "number",
      describe: "print this many samples as tokens, trained ones marked, and do not train",
    },
    prepareOnly: {
      kind: "boolean",
      describe:
        "llamafactory only: leave a folder that trains in LLaMA-Factory or LLaMA Board, and do not train",
    },
  },
  run: (call) => {
    if (call.flags["show"] !== undefined) return show(call);
    return call.flags["prepareOnly"] === true ? prepare(call) : train(call);
  },
};

async function train(call: Call): Promise<void> {
  const project = await existingProject(call.flags["project"], "train");
  await keepForVotes(project, settingsAmong(call.flags, trainStageSettings));
  return stage.run(call);
}

/** Keeps what votes are about to refine, if the call or the project has votes refine it. */
export async function keepForVotes(project: string, own: Record<string, unknown>): Promise<void> {
  if (refinesOwn(await settingsOf(project, own), project)) await keepTrainedAdapter(project);
}

/** As a call and the project have them. */
async function settingsOf(project: string, own: Record<string, unknown>): Promise<TrainStageSettings> {
  const { settings } = await readProject(project);
  return resolveSettings("train", trainStageSettings, settings["train"] ?? {}, own).values;
}

/** `--prepare-only`: for a person who trains by hand, perhaps on another machine. */
async function prepare({ flags, io }: Call): Promise<void> {
  const project = await existingProject(flags["project"], "train");
  const file = await readProject(project);
  const values = await settingsOf(project, settingsAmong(flags, trainStageSettings));
  if (values.engine !== "llamafactory") {
    throw new Unsupported("train --prepare-only: only LLaMA-Factory can. Add --engine llamafactory.", {
      stage: "train",
    });
  }
  const dialogues = dialoguesIn(project);
  const base = await baseResolver()(namedBase(flags["base"]) ?? file.base, io);
  if (refinesOwn(values, project)) {
    await keepTrainedAdapter(project);
    values.adapter = artifactPath(project, "adapterSft");
  }
  const { prepareTraining } = await import("../engines/llama-factory/prepare.js");
  const paths = { base, dialogues, out: project };
  const unlock = await lockProject(project);
  try {
    const { folder, rows } = await prepareTraining(paths, values, null, factoryPlace().plug, io);
    io.result(
      { folder, samples: rows },
      `${rows} samples prepared in ${folder}; how-to-start.txt there says how to train`,
    );
  } finally {
    await unlock();
  }
}

async function show({ flags, io }: Call): Promise<void> {
  const many = Number(flags["show"]);
  if (!Number.isInteger(many) || many < 1) {
    throw new MalformedInput(`train --show: ${many} (a whole number from 1). Give another.`, {
      stage: "train",
    });
  }
  const project = await existingProject(flags["project"], "train");
  const file = await readProject(project);
  const values = await settingsOf(project, settingsAmong(flags, trainStageSettings));
  const dialogues = dialoguesIn(project);
  const base = await baseResolver()(namedBase(flags["base"]) ?? file.base, io);
  const tokenizer = await loadTokenizer(base, "train");
  const { training } = await readSamples({ base, dialogues }, values.maxTokens);
  const run = packRun(training.samples.slice(0, many));
  // A character of several tokens is shown with the last of them.
  const decoder = new TextDecoder();
  const samples = showSamples(run, (id) => decoder.decode(tokenizer.bytesOf(id), { stream: true }));
  io.result(
    samples,
    samples.map((sample, index) => formatSample(sample, index, process.stdout.isTTY)).join("\n\n"),
  );
}

function dialoguesIn(project: string): string {
  const path = learntFrom((artifact) => artifactPath(project, artifact));
  requireMade(path, project, "train");
  return path;
}

/** A sample as text: trained tokens in ⟦ ⟧, in colour on a terminal; each line of the chat on a line of its own. */
function formatSample(tokens: readonly ShownToken[], index: number, colour: boolean): string {
  const trained = tokens.filter(({ weight }) => weight > 0).length;
  const [open, close] = colour ? ["\u001B[32m⟦", "⟧\u001B[0m"] : ["⟦", "⟧"];
  const text = tokens.map(({ text, weight }) => {
    if (text === "") return "";
    const shown = text.replaceAll("\n", "⏎\n");
    return weight > 0 ? `${open}${shown}${close}` : shown;
  });
  return `sample ${index + 1}: ${tokens.length} tokens, ${trained} trained\n${text.join("")}`;
}
