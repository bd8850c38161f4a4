import { type Ablation, ablate } from "../project/ablate.js";
import { lockProject } from "../project/lock.js";
import { readProject } from "../project/project-file.js";
import { resolveSettings } from "../project/settings.js";
import { trainStageSettings } from "../train/engine-settings.js";
import { trainSettings } from "../train/settings.js";
import type { Call } from "./command.js";
import { baseResolver, withEngines } from "./engines.js";

/** Trains with and without made-up turns, and says whether they help. */
export async function showAblation(project: string, io: Call["io"]): Promise<void> {
  const { base: name, settings } = await readProject(project);
  const { values } = resolveSettings("train", trainStageSettings, settings["train"] ?? {}, {});
  const unlock = await lockProject(project);
  try {
    const base = await baseResolver()(name, io);
    const ablation = await withEngines(async ({ trainer }) =>
      ablate(project, base, trainSettings.parse(values), await trainer(), io),
    );
    io.result({ project, ...ablation }, formatAblation(ablation));
  } finally {
    await unlock();
  }
}

function formatAblation({ steps, with: made, without, difference, interval }: Ablation): string {
  const between = interval ? ` (95 % interval ${interval[0].toFixed(3)} to ${interval[1].toFixed(3)})` : "";
  const isSure = interval !== null && interval[0] * interval[1] > 0;
  const verdict = isSure
    ? `the made-up turns ${difference < 0 ? "help" : "harm"}`
    : "that may be chance: neither is better for sure";
  return [
    `${steps} steps each, real replies only:`,
    line("with made-up turns   ", made),
    line("without made-up turns", without),
    `difference ${difference.toFixed(3)} nats a token${between}; ${verdict}`,
  ].join("\n");
}

function line(name: string, { replies, heldOutLoss }: Ablation["with"]): string {
  return `${name}  ${String(replies).padStart(6)} replies  held-out loss ${heldOutLoss.toFixed(3)}`;
}
