import { join } from "node:path";
import { z } from "zod";
import { readJson, writeJson } from "../files.js";
import type { DigestCache } from "./fingerprint.js";
import type { Summary } from "./summaries.js";

/** What a project knows of the stages that were done in it: `.state.json`. */
export type State = {
  digests: DigestCache;
  /** By stage, when it last came to its end. */
  stages: Record<string, { key: string; outputs: (string | null)[]; result: Summary }>;
  /** Names of artifacts that still hold what is to be forgotten. */
  stale?: string[];
};

/** As far as a reader would stumble over it. */
const shape = z.object({
  digests: z.record(z.string(), z.unknown()),
  stages: z.record(
    z.string(),
    z.object({ key: z.string(), outputs: z.array(z.unknown()), result: z.object() }),
  ),
  stale: z.array(z.string()).optional(),
});

/** The state of a project; an empty one where there is none. */
export async function readState(project: string): Promise<State> {
  // The state only saves work: one that is missing or broken costs a second run of the stages, nothing else.
  const state = await readJson(statePath(project), "project").catch(() => null);
  return shape.safeParse(state).success ? (state as State) : { digests: {}, stages: {} };
}

/** Writes the state of a project. */
export async function writeState(project: string, state: State): Promise<void> {
  await writeJson(statePath(project), "project", state);
}

function statePath(project: string): string {
  return join(project, ".state.json");
}
