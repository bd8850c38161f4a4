import { basename } from "node:path";
import { artifactPath, type Artifact } from "./paths.js";
import { readState, type State } from "./state.js";

/** What is said of an artifact that was made before somebody was forgotten. */
export const STALE = "still learnt from a chat that was forgotten; kouwen run trains anew without it";

/** Whether an artifact, by its name in the project folder, is stale. */
export function isStale(state: State, name: string): boolean {
  return state.stale?.includes(name) === true;
}

/** Notes artifacts that were made of something stale, or of nothing stale any more. */
export function noteMade(state: State, names: readonly string[], stale: boolean): void {
  const others = (state.stale ?? []).filter((name) => !names.includes(name));
  const now = stale ? [...others, ...names] : others;
  if (now.length > 0) state.stale = now;
  else delete state.stale;
}

/** Whether an artifact of a project is stale. */
export async function isStaleIn(project: string, artifact: Artifact): Promise<boolean> {
  return isStale(await readState(project), basename(artifactPath(project, artifact)));
}
