import type { DialogueReport } from "../dialogue/cut-dialogues.js";
import type { Dialogue } from "../dialogue/dialogue.js";
import { formatLedger } from "../dialogue/format-ledger.js";
import { formatRhythms } from "../dialogue/format-rhythm.js";
import { formatStats } from "../dialogue/format-stats.js";
import { countStats } from "../dialogue/stats.js";
import { loadTokenizer } from "../formats/tokenizer/tokenizer.js";
import { readJson, readJsonLines } from "../files.js";
import type { Message } from "../import/message.js";
import { artifactPath, cacheFolder } from "../project/paths.js";
import { readProject } from "../project/project-file.js";
import type { Call, Command, Flag } from "./command.js";
import { idsOfRule, readLedgerSummary } from "./dialogue-ledger.js";
import { addRestored, formatRestored, NONE, readRules, tellRestored } from "./dialogue-restore.js";
import { DEFAULT_BASE } from "./engines.js";
import { existingProject } from "./project-option.js";
import { scoreFlags, scoreProject } from "./score.js";
import { runIn, showSummary, stageCommand, stageNamed } from "./stage-command.js";

const shownFlags: Record<"stats" | "rhythm" | "ledger" | "ids" | "restore", Flag> = {
  stats: {
    kind: "boolean",
    describe: "show each contact's numbers, and whether they are enough to learn from",
  },
  rhythm: { kind: "boolean", describe: "show each contact's gaps between messages, and the limits they set" },
  ledger: { kind: "boolean", describe: "show what was left out or changed, by rule, and how it is had back" },
  ids: {
    kind: "string",
    hint: "rule",
    describe: "list the ids of the messages that a rule left out or changed",
  },
  restore: {
    kind: "list",
    hint: "rule|id",
    describe: `bring back what a rule took, or one message of the ledger, beside what was restored before; may be given several times; ${NONE} takes all of it back`,
  },
};

const stage = stageCommand("dialogue");

/** `kouwen dialogue`; on wish it also shows what the chats are like and what was left out, or brings that back. */
export const dialogueCommand: Command = {
  ...stage,
  flags: { ...stage.flags, ...shownFlags, ...scoreFlags },
  examples: [
    "kouwen dialogue --project aze --stats",
    "kouwen dialogue --project aze --gap-minutes 30 --rhythm",
    "kouwen dialogue --project aze --score --llm ollama",
    "kouwen dialogue --project aze --ledger",
    "kouwen dialogue --project aze --restore repeat --restore too-long",
  ],
  run: async ({ flags, io }) => {
    const project = await existingProject(flags["project"], "dialogue");
    if (flags["score"] === true) return await scoreProject(project, flags, io);
    const { restore, ...others } = flags;
    const results = await runIn(project, [stageNamed("dialogue")], others, io);
    const restored = restore ? await restoreIn(project, restore as string[], others, io) : undefined;
    if (flags["ids"] !== undefined) {
      const ids = await idsOfRule(project, String(flags["ids"]));
      return io.result({ project, ids }, ids.join("\n"));
    }
    const stats = flags["stats"] === true ? await readStats(project) : undefined;
    const rhythms = flags["rhythm"] === true ? await readRhythms(project) : undefined;
    const ledger = flags["ledger"] === true ? await readLedgerSummary(project) : undefined;
    if (!stats && !rhythms && !ledger && !restored) return await showSummary(project, results, io);
    const text = [
      ...(restored ? [formatRestored(restore as string[], restored)] : []),
      ...(rhythms ? [formatRhythms(rhythms)] : []),
      ...(ledger ? [formatLedger(ledger)] : []),
      ...(stats ? [formatStats(stats)] : []),
    ];
    const shown = { ...(restored && { restored }), ...(rhythms && { rhythms }) };
    io.result({ project, ...shown, ...(ledger && { ledger }), ...(stats && { stats }) }, text.join("\n\n"));
  },
};

/** Adds to the setting `restore` and does the stage with it. */
async function restoreIn(
  project: string,
  asked: readonly string[],
  flags: Record<string, unknown>,
  io: Call["io"],
): Promise<ReturnType<typeof tellRestored>> {
  const before = await readRules(project);
  const restore = await addRestored(project, asked, before);
  await runIn(project, [stageNamed("dialogue")], { ...flags, fresh: false, restore }, io);
  return tellRestored(asked, before, await readRules(project));
}

async function readRhythms(project: string): Promise<DialogueReport["rhythms"]> {
  // Written by the stage a moment ago, so its shape is known.
  return ((await readJson(artifactPath(project, "dialogueReport"), "dialogue")) as DialogueReport).rhythms;
}

async function readStats(project: string): ReturnType<typeof countStats> {
  const countTokens = await tokenCounter(project);
  return await countStats(
    readJsonLines<Dialogue>(artifactPath(project, "dialogues"), "dialogue"),
    readJsonLines<Message>(artifactPath(project, "messages"), "dialogue"),
    { hourOf: (time) => new Date(time * 1000).getHours(), ...(countTokens && { countTokens }) },
  );
}

/** Counts tokens as the project's base sees them, if that is on this machine; nothing is fetched for it. */
async function tokenCounter(project: string): Promise<((text: string) => number) | undefined> {
  const { base } = await readProject(project);
  const { baseAtHand } = await import("../engines/hub/resolve-base.js");
  const found = await baseAtHand(base ?? DEFAULT_BASE, { cacheFolder: cacheFolder() });
  if (!found) return undefined;
  const tokenizer = await loadTokenizer(found.folder, "dialogue");
  return (text) => tokenizer.encode(text).length;
}
