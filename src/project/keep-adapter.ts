import { cp } from "node:fs/promises";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { TrainStageSettings } from "../train/engine-settings.js";
import { writeFolder, readJson } from "../files.js";
import { Unavailable } from "../errors.js";
import { fingerprint } from "./fingerprint.js";
import { lockProject } from "./lock.js";
import { artifactPath } from "./paths.js";
import { readState } from "./state.js";

const STAGE = "train";

/** Whether votes refine the project's own adapter, be it named or not. */
export function refinesOwn({ method, adapter }: TrainStageSettings, project: string): boolean {
  if (method === "sft") return false;
  return adapter === "" || resolve(adapter) === resolve(artifactPath(project, "adapter"));
}

/**
 * Keeps a project's adapter that learnt dialogues as `adapter-sft`, since votes refine that one however often they are
 * used, and what they make of it takes its place as `adapter`.
 *
 * @throws {Unavailable} dialogues were never trained on
 */
export async function keepTrainedAdapter(project: string): Promise<void> {
  const unlock = await lockProject(project);
  try {
    const [adapter, kept] = [artifactPath(project, "adapter"), artifactPath(project, "adapterSft")];
    const { stages, digests } = await readState(project);
    const made = stages[STAGE]?.outputs[0] ?? null;
    const report = await readJson(artifactPath(project, "trainReport"), STAGE).catch(() => null);
    const learnt = report !== null && (report as { preference?: object }).preference === undefined;
    // Of a training that was cut off nobody knows what the adapter is.
    if (learnt && made !== null && made === (await fingerprint(adapter, digests))) {
      if (made !== (await fingerprint(kept, digests))) {
        await writeFolder(kept, STAGE, (folder) => cp(adapter, folder, { recursive: true }));
      }
    }
    if (!existsSync(kept)) {
      throw new Unavailable(
        `${STAGE} --method: there is no trained adapter to refine. Train without --method first, or name one with --adapter.`,
        { stage: STAGE },
      );
    }
  } finally {
    await unlock();
  }
}
