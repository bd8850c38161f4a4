import { readJson } from "../files.js";
import { artifactPath } from "./paths.js";

/** The name of the person whose chats a project holds; null where none is known. */
export async function ownerName(project: string, stage: string): Promise<string | null> {
  const report = await readJson(artifactPath(project, "importReport"), stage).catch(() => null);
  return (report as { owner?: { name?: string | null } } | null)?.owner?.name ?? null;
}
