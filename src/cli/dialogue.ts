import type { DialogueReport } from "../dialogue/cut-dialogues.js";
import type { Dialogue } from "../dialogue/dialogue.js";
import { formatRhythms } from "../dialogue/format-rhythm.js";
import { formatStats } from "../dialogue/format-stats.js";
import { countStats } from "../dialogue/stats.js";
import { loadTokenizer } from "../formats/tokenizer/tokenizer.js";
import { readJson, readJsonLines } from "../files.js";
import type { Message } from "../import/message.js";
import { artifactPath, cacheFolder } from "../project/paths.js";
import { readProject } from "../project/project-file.js";
import type { Command, Flag } from "./command.js";
import { DEFAULT_BASE } from "./engines.js";
import { existingProject } from "./project-option.js";
import { scoreFlags, scoreProject } from "./score.js";
import { runIn, showSummary, stageCommand, stageNamed } from "./stage-command.js";

const shownFlags: Record<"stats" | "rhythm", Flag> = {
  stats: {
    kind: "boolean",
    describe: "show each contact's numbers, and whether they are enough to learn from",
  },
  rhythm: { kind: "boolean", describe: "show each contact's gaps between messages, and the limits they set" },
};

const stage = stageCommand("dialogue");

/** `kouwen dialogue`; with `--stats` or `--rhythm` it also shows what the chats are like. */
export const dialogueCommand: Command = {
  ...stage,
  flags: { ...stage.flags, ...shownFlags, ...scoreFlags },
  examples: [
    "kouwen dialogue --project aze --stats",
    "kouwen dialogue --project aze --gap-minutes 30 --rhythm",
    "kouwen dialogue --project aze --score --llm ollama",
  ],
  run: async ({ flags, io }) => {
    const project = await existingProject(flags["project"], "dialogue");
    if (flags["score"] === true) return await scoreProject(project, flags, io);
    const results = await runIn(project, [stageNamed("dialogue")], flags, io);
    const stats = flags["stats"] === true ? await readStats(project) : undefined;
    const rhythms = flags["rhythm"] === true ? await readRhythms(project) : undefined;
    if (!stats && !rhythms) return await showSummary(project, results, io);
    const text = [...(rhythms ? [formatRhythms(rhythms)] : []), ...(stats ? [formatStats(stats)] : [])];
    io.result({ project, ...(rhythms && { rhythms }), ...(stats && { stats }) }, text.join("\n\n"));
  },
};

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
