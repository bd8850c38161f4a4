import type { DialogueReport } from "../dialogue/cut-dialogues.js";
import type { LedgerEntry } from "../dialogue/dialogue.js";
import { REASONS } from "../dialogue/reasons.js";
import { type Imported, type LedgerSummary, summariseLedger } from "../dialogue/summarise-ledger.js";
import { MalformedInput } from "../errors.js";
import { readJson, readJsonLines } from "../files.js";
import { artifactPath } from "../project/paths.js";

/** The ledger of a project, by rules; the files were written by the stages, so their shape is known. */
export async function readLedgerSummary(project: string): Promise<LedgerSummary> {
  const report = (await readJson(artifactPath(project, "dialogueReport"), "dialogue")) as DialogueReport;
  const imported = await readJson(artifactPath(project, "importReport"), "dialogue").catch(() => undefined);
  return await summariseLedger(readLedger(project), report.messages, imported as Imported | undefined);
}

/** The rows of a project's ledger. */
export function readLedger(project: string): AsyncIterable<LedgerEntry> {
  return readJsonLines<LedgerEntry>(artifactPath(project, "ledger"), "dialogue");
}

/**
 * The ids of the messages that a rule left out or changed, in the order of the ledger.
 *
 * @throws {MalformedInput} there is no such rule
 */
export async function idsOfRule(project: string, rule: string): Promise<string[]> {
  if (!(rule in REASONS) && !/^private-\w/.test(rule)) {
    const rules = Object.keys(REASONS).join(", ");
    throw new MalformedInput(
      `dialogue --ids: there is no rule "${rule.slice(0, 40)}" (${rules}, or private- and a type). See kouwen dialogue --ledger.`,
      { stage: "dialogue" },
    );
  }
  const ids = new Set<string>();
  for await (const entry of readLedger(project)) {
    if (entry.reason === rule) for (const id of entry.messageIds) ids.add(id);
  }
  return [...ids];
}
