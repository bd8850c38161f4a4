import { stat } from "node:fs/promises";
import type { Dialogue } from "../dialogue/dialogue.js";
import { readJsonLines } from "../files.js";

const known = new Map<string, { mtimeMs: number; systems: Map<string, string> }>();

/**
 * What the model was told for each contact of the training, empty for nothing; the contact with most dialogues first.
 *
 * @param dialogues path of `dialogues.jsonl`, which is read again only when it changed
 */
export async function contactSystems(dialogues: string, stage: string): Promise<Map<string, string>> {
  const mtimeMs = (await stat(dialogues).catch(() => undefined))?.mtimeMs;
  if (mtimeMs === undefined) return new Map();
  const before = known.get(dialogues);
  if (before?.mtimeMs === mtimeMs) return before.systems;
  const systems = new Map<string, string>();
  const counts = new Map<string, number>();
  for await (const { contact, system } of readJsonLines<Dialogue>(dialogues, stage)) {
    systems.set(contact, system ?? "");
    counts.set(contact, (counts.get(contact) ?? 0) + 1);
  }
  const sorted = new Map([...systems].sort(([a], [b]) => counts.get(b)! - counts.get(a)!));
  known.set(dialogues, { mtimeMs, systems: sorted });
  return sorted;
}
