import { access } from "node:fs/promises";
import { printable } from "../compare/words/display.js";
import { REASONS } from "../dialogue/reasons.js";
import { loadLibsql } from "../engines/sqlite/libsql.js";
import { MalformedInput, Unavailable } from "../errors.js";
import { lockProject } from "../project/lock.js";
import { type Fate, messageFates } from "../project/message-fates.js";
import { openMessageIndex } from "../project/message-index.js";
import { artifactPath } from "../project/paths.js";
import { type Match, type Matches, searchMessages } from "../project/search-messages.js";
import type { Command } from "./command.js";
import { existingProject, projectFlag } from "./project-option.js";

const LIMIT = 20;
const MAX_LIMIT = 10_000;
/** Characters of a message that are shown. */
const SHOWN = 200;

/** A match with what became of it. */
export type Found = Match & Fate;

/** `kouwen find`: the newest messages that hold all of some words. */
export const find: Command = {
  name: "find",
  summary: "finds imported messages, and says whether they are in a dialogue or why not",
  usage: "<words>…",
  positionals: { min: 1, max: 100 },
  flags: {
    ...projectFlag,
    contact: { kind: "string", describe: "only chats whose contact's name holds this" },
    limit: {
      kind: "number",
      describe: `how many of the newest to show, 1 to ${MAX_LIMIT}`,
      default: LIMIT,
    },
  },
  examples: ['kouwen find "see you" --contact June', "kouwen find 到了 --limit 5 --json"],
  run: async ({ positionals, flags, io }) => {
    const project = await existingProject(flags["project"], "find");
    const limit = checkedLimit(flags["limit"] ?? LIMIT);
    const paths = {
      messages: artifactPath(project, "messages"),
      index: artifactPath(project, "messageIndex"),
    };
    await access(paths.messages).catch((cause: unknown) => {
      const message = "find messages.jsonl: nothing has been imported. Start with kouwen import.";
      throw new Unavailable(message, { stage: "find", path: "messages.jsonl", cause });
    });
    const database = await openMessageIndex(paths, await loadLibsql(), () => lockProject(project), io);
    let matches: Matches;
    try {
      const contact = String(flags["contact"] ?? "");
      matches = searchMessages(database, { words: positionals, contact, limit });
    } finally {
      database.close();
    }
    const ids = matches.newest.map(({ id }) => id);
    const fates = await messageFates(project, ids, matches.messages);
    const found = matches.newest.map((match): Found => ({ ...match, ...fates.get(match.id)! }));
    io.result({ project, matches: matches.matches, found }, formatFound(found, matches, positionals));
  },
};

function checkedLimit(value: unknown): number {
  const limit = Number(value);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new MalformedInput(
    `find --limit: ${String(value)} (a whole number from 1 to ${MAX_LIMIT}). Give another.`,
    { stage: "find" },
  );
}

/** The matches as people read them, two lines each, and what the reasons mean. */
export function formatFound(
  found: readonly Found[],
  { matches, messages }: Matches,
  words: readonly string[],
): string {
  if (found.length === 0) return `no match among ${messages} messages`;
  const lines = found.flatMap((one) => [
    `${timeOf(one.time)}  ${printable(one.contact)} · ${printable(one.sender) || "—"}: ${excerpt(one.text, words)}`,
    `  ${one.id}  ${fateOf(one)}`,
  ]);
  const reasons = new Set(found.flatMap(({ reason }) => (reason === null ? [] : [reason])));
  const known: Readonly<Record<string, string>> = REASONS;
  const meanings = [...reasons].flatMap((reason) =>
    known[reason] === undefined ? [] : [`${reason}: ${known[reason]}`],
  );
  const more = matches > found.length ? `; --limit shows more` : "";
  return [...lines, "", ...meanings, `${found.length} of ${matches} matches${more}`].join("\n");
}

function fateOf({ used, reason, changed }: Fate): string {
  if (used === null) return "no dialogues have been made of these messages";
  if (!used) return `left out: ${reason}`;
  return changed.length === 0 ? "in a dialogue" : `in a dialogue, changed: ${changed.join(", ")}`;
}

/** Local date and time, to the minute. */
function timeOf(time: number | null): string {
  if (time === null) return "no time".padEnd(16);
  const date = new Date(time * 1000);
  const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate(), date.getHours(), date.getMinutes()];
  const [year, month, day, hour, minute] = parts.map((part) => String(part).padStart(2, "0"));
  return `${year}-${month}-${day} ${hour}:${minute}`;
}

/** A message on one line, and of a long one the part around the first word. */
function excerpt(text: string, words: readonly string[]): string {
  const characters = [...printable(text.replace(/\s*\n\s*/g, " ⏎ "))];
  if (characters.length <= SHOWN) return characters.join("");
  const whole = characters.join("");
  const places = words.map((word) => whole.toLowerCase().indexOf(word.trim().toLowerCase()));
  const first = Math.max(0, Math.min(...places.filter((place) => place !== -1), whole.length));
  const before = first === whole.length ? 0 : Array.from(whole.slice(0, first)).length;
  const start = Math.max(0, Math.min(before - SHOWN / 4, characters.length - SHOWN));
  const shown = characters.slice(start, start + SHOWN).join("");
  return `${start > 0 ? "…" : ""}${shown}${start + SHOWN < characters.length ? "…" : ""}`;
}
