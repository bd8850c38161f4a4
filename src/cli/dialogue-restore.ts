import { REASONS } from "../dialogue/reasons.js";
import { isId, isRestorable, RESTORABLE, whyFixed } from "../dialogue/restore.js";
import { MalformedInput } from "../errors.js";
import { readProject } from "../project/project-file.js";
import { readLedger } from "./dialogue-ledger.js";

/** The word that takes back all that was restored. */
export const NONE = "none";

/** Why each message is not as it was: rules of the ledger by the message's id. */
export type Rules = Map<string, string[]>;

/** The rules that left out or changed the messages of a project. */
export async function readRules(project: string): Promise<Rules> {
  const rules: Rules = new Map();
  for await (const { reason, messageIds } of readLedger(project)) {
    for (const id of messageIds) {
      const of = rules.get(id);
      if (!of) rules.set(id, [reason]);
      else if (!of.includes(reason)) of.push(reason);
    }
  }
  return rules;
}

/**
 * The setting `restore` with more rules and ids, each once; empty if `none` is asked for.
 *
 * @param rules as the ledger has them now
 * @throws {MalformedInput} a rule that cannot be restored or does not exist, or an id that the ledger has no such rule for
 */
export async function addRestored(
  project: string,
  asked: readonly string[],
  rules: Rules,
): Promise<string[]> {
  if (asked.includes(NONE)) {
    if (asked.length > 1) refuse(`"${NONE}" takes everything back, and stands alone`, "Give it by itself.");
    return [];
  }
  const { settings } = await readProject(project);
  const now = (settings["dialogue"]?.["restore"] ?? []) as string[];
  for (const one of asked) if (!now.includes(one)) check(one, rules);
  return [...new Set([...now, ...asked])];
}

function check(asked: string, rules: Rules): void {
  if (!isId(asked)) {
    const fixed = whyFixed(asked);
    if (fixed !== null) refuse(`what ${asked} took cannot be restored`, fixed);
    if (!isRestorable(asked)) {
      refuse(
        `"${asked.slice(0, 40)}" is neither an id nor a rule (${RESTORABLE.join(", ")})`,
        "See kouwen dialogue --ledger.",
      );
    }
    return;
  }
  const reasons = rules.get(asked) ?? [];
  if (reasons.length === 0) {
    refuse(`no message ${asked} is in the ledger`, "kouwen dialogue --ids <rule> lists those that are.");
  }
  if (reasons.some((reason) => whyFixed(reason) === null)) return;
  refuse(`${asked} cannot be restored (${reasons[0]})`, whyFixed(reasons[0]!)!);
}

/** What became of the messages that were asked for. */
export type Restored = {
  /** How many of them are in a dialogue now that were not, or are as they were. */
  back: number;
  /** How many went again, where all that was restored is taken back. */
  gone: number;
  /** How many are left out all the same, by rule. */
  still: Record<string, number>;
};

/** Compares the ledgers before and after. */
export function tellRestored(asked: readonly string[], before: Rules, after: Rules): Restored {
  const restored: Restored = { back: 0, gone: 0, still: {} };
  if (asked.includes(NONE)) {
    for (const [id, rules] of after) if (takes(rules) && !takes(before.get(id) ?? [])) restored.gone += 1;
    return restored;
  }
  for (const [id, rules] of before) {
    if (!asked.includes(id) && !asked.some((one) => rules.includes(one))) continue;
    const left = (after.get(id) ?? []).filter(isNotPrivate);
    if (left.length === 0) restored.back += 1;
    for (const rule of left) restored.still[rule] = (restored.still[rule] ?? 0) + 1;
  }
  return restored;
}

/** Whether one of the rules does more than put other private data in place of a message's own. */
function takes(rules: readonly string[]): boolean {
  return rules.some(isNotPrivate);
}

function isNotPrivate(rule: string): boolean {
  return !rule.startsWith("private-");
}

/** The same as lines for people. */
export function formatRestored(asked: readonly string[], { back, gone, still }: Restored): string {
  if (asked.includes(NONE)) return `${gone} ${gone === 1 ? "message is" : "messages are"} left out again`;
  const left = Object.entries(still).sort(([, a], [, b]) => b - a);
  const known: Readonly<Record<string, string>> = REASONS;
  return [
    `${back} ${back === 1 ? "message" : "messages"} came back`,
    ...left.map(([rule, messages]) => `${messages} still in the ledger, ${rule}: ${known[rule] ?? ""}`),
  ].join("\n");
}

function refuse(what: string, next: string): never {
  throw new MalformedInput(`dialogue --restore: ${what}. ${next}`, { stage: "dialogue" });
}
