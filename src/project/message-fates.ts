import { stat } from "node:fs/promises";
import type { LedgerEntry } from "../dialogue/dialogue.js";
import { readJson, readJsonLines } from "../files.js";
import { artifactPath } from "./paths.js";

/** What became of a message. */
export type Fate = {
  /** Whether it is in a dialogue; null if no dialogues have been made of these messages. */
  used: boolean | null;
  /** Why it is in none, as a word of the ledger; null if it is in one or that is not known. */
  reason: string | null;
  /** What was changed in it, as words of the ledger. */
  changed: string[];
};

/**
 * What became of messages, by id, as the ledger tells it: what is not left out there is in a dialogue.
 *
 * @param messages how many messages there are in all
 */
export async function messageFates(
  project: string,
  ids: readonly string[],
  messages: number,
): Promise<Map<string, Fate>> {
  const used = (await isCurrent(project, messages)) ? true : null;
  const fates = new Map(ids.map((id): [string, Fate] => [id, { used, reason: null, changed: [] }]));
  if (used === null || fates.size === 0) return fates;
  for await (const entry of readJsonLines<LedgerEntry>(artifactPath(project, "ledger"), "find")) {
    for (const id of entry.messageIds) {
      const fate = fates.get(id);
      if (!fate) continue;
      if (entry.changed) fate.changed.push(entry.reason);
      else Object.assign(fate, { used: false, reason: entry.reason });
    }
  }
  return fates;
}

/** Whether the ledger is of these messages: made later, or of as many. */
async function isCurrent(project: string, messages: number): Promise<boolean> {
  const at = (artifact: "messages" | "ledger") =>
    stat(artifactPath(project, artifact)).catch(() => undefined);
  const [imported, ledger] = [await at("messages"), await at("ledger")];
  if (!imported || !ledger) return false;
  if (ledger.mtimeMs >= imported.mtimeMs) return true;
  const report = (await readJson(artifactPath(project, "dialogueReport"), "find").catch(() => undefined)) as
    | { messages?: { read?: unknown } }
    | undefined;
  return report?.messages?.read === messages;
}
