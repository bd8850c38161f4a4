import { access } from "node:fs/promises";
import { join } from "node:path";
import { pruneStandIns } from "../dialogue/privacy/prune-stand-ins.js";
import { readMessages } from "../dialogue/read-messages.js";
import { KouwenError, MalformedInput, Unavailable } from "../errors.js";
import { readJson } from "../files.js";
import { listForgotten } from "../import/forgotten.js";
import type { ImportReport } from "../import/report.js";
import { joinList, splitList } from "../import/text-list.js";
import { dropQuotes } from "../project/forget.js";
import { lockProject } from "../project/lock.js";
import { artifactPath } from "../project/paths.js";
import { type ProjectFile, readProject, writeProject } from "../project/project-file.js";
import { readState } from "../project/state.js";
import type { Call, Command, Flag } from "./command.js";
import { confirm } from "./confirm.js";
import { existingProject, projectFlag } from "./project-option.js";
import { runIn, stageNamed } from "./stage-command.js";

const forgetFlags: Record<"yes" | "list" | "undo", Flag> = {
  yes: { kind: "boolean", describe: "do not ask first" },
  list: { kind: "boolean", describe: "show whom imports leave out" },
  undo: { kind: "string", hint: "contact", describe: "let the contact come back with the next import" },
};

/** `kouwen forget`: takes a contact's chat out of a project, for good. */
export const forget: Command = {
  name: "forget",
  summary: "takes a contact's chat out of the project, and out of every later import",
  usage: "[<contact>]",
  positionals: { min: 0, max: 1 },
  flags: { ...projectFlag, ...forgetFlags },
  examples: ["kouwen forget June --project aze", "kouwen forget --undo June --project aze"],
  run: async ({ positionals, flags, io }) => {
    const project = await existingProject(flags["project"], "forget");
    const file = await readProject(project);
    const setting = String(file.settings["import"]?.["forget"] ?? "");
    if (flags["undo"] !== undefined) return await undo(project, String(flags["undo"]), io);
    if (flags["list"] === true) {
      const forgotten = listForgotten(setting).map(({ spelling }) => spelling);
      return io.result({ project, forgotten }, forgotten.join("\n") || "nobody is forgotten here");
    }
    const [contact] = positionals;
    if (contact === undefined) refuse("contact: none is given", "See kouwen forget --help");
    await requireExports(file);
    const isAgain = splitList(setting).length > 0 && (await isForgotten(project, setting, contact));
    if (!isAgain) {
      const messages = await countMessages(project, contact);
      if (flags["yes"] !== true)
        await confirm(
          `Take this chat (${messages.toLocaleString("en-US")} messages) out of the project and whatever is learnt from now on?`,
          "what was made of it is removed or becomes stale",
          "forget",
          io,
        );
    }
    const hadDialogues = "dialogue" in (await readState(project)).stages;
    // Whoever is forgotten already may only have to be cleaned up after; what was learnt since then is not stale.
    const stale = isAgain ? [] : await dropQuotes(project);
    await dropPrompt(project, contact);
    const forgotten = isAgain ? setting : joinList([...splitList(setting), contact]);
    await runIn(project, [stageNamed("import")], { forget: forgotten }, io);
    const messages = await readMessages(artifactPath(project, "messages"), io);
    const standIns = await pruneStandIns(join(project, "private", "stand-ins.json"), messages, io);
    const made = hadDialogues && messages.length > 0 ? await makeDialogues(project, io) : null;
    const left = { contacts: (await readReport(project)).contacts.length, messages: messages.length };
    io.result({ project, left, stale, standIns, dialogues: made }, tell(left.contacts, stale, made));
  },
};

function tell(contacts: number, stale: readonly string[], dialogues: string | null): string {
  const chats = contacts === 1 ? "1 chat is" : `${contacts} chats are`;
  const lines = [`forgotten; ${chats} left`];
  if (dialogues !== null && dialogues !== "") lines.push(dialogues);
  if (stale.length > 0) lines.push(`${stale.join(", ")} were made before; kouwen run makes them anew`);
  return lines.join("\n");
}

/** @returns why no dialogues could be made of what is left; empty if they were */
async function makeDialogues(project: string, io: Call["io"]): Promise<string> {
  try {
    await runIn(project, [stageNamed("dialogue")], {}, io);
    return "";
  } catch (error) {
    if (error instanceof KouwenError && error.stage === "dialogue") return error.message;
    throw error;
  }
}

/** How many messages the import has of a contact. */
async function countMessages(project: string, contact: string): Promise<number> {
  const { contacts } = await readReport(project);
  const one = contacts.find((other) => other.contact === contact);
  if (one) return one.messages;
  const alike = contacts.filter((other) => other.contact.startsWith(`${contact}(`));
  const where = "import.json and kouwen dialogue --stats show the names";
  if (alike.length > 1)
    refuse(
      `contact: ${alike.length} chats have that name, each with its id in brackets`,
      `Give one whole; ${where}`,
    );
  const chats = contacts.length === 1 ? "the 1 chat" : `the ${contacts.length} chats`;
  return refuse(
    `contact: none of ${chats} has exactly that name`,
    `Give it as it is written there; ${where}`,
  );
}

async function isForgotten(project: string, setting: string, contact: string): Promise<boolean> {
  const { contacts } = await readReport(project);
  if (contacts.some((other) => other.contact === contact)) return false;
  return listForgotten(setting).some(({ spelling, name }) => spelling === contact || name === contact);
}

async function readReport(project: string): Promise<ImportReport> {
  return (await readJson(artifactPath(project, "importReport"), "forget").catch((cause: unknown) => {
    const message = "forget import.json: nothing has been imported. Start with kouwen import.";
    throw new Unavailable(message, { stage: "forget", path: "import.json", cause });
  })) as ImportReport;
}

/** Without its exports a project cannot be imported again, and what is left could not be told from what is to go. */
async function requireExports({ inputs }: ProjectFile): Promise<void> {
  const there = await Promise.all(
    inputs.map((path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  const gone = there.filter((one) => !one).length;
  if (gone === 0) return;
  throw new Unavailable(
    `forget exports: ${gone} of the ${inputs.length} files and folders that were imported are gone, and the other chats are read from them again. Put them back, or start a new project without that chat.`,
    { stage: "forget" },
  );
}

/** Takes the contact's own system prompt out of the settings, where it would be one for nobody. */
async function dropPrompt(project: string, contact: string): Promise<void> {
  await change(project, ({ settings, resolved }) => {
    const prompts = settings["dialogue"]?.["systemPrompts"] as Record<string, unknown> | undefined;
    delete prompts?.[contact];
    // As last used: written again with the next run of the stage.
    if (prompts) delete resolved["dialogue"];
  });
}

async function undo(project: string, contact: string, io: Call["io"]): Promise<void> {
  let left: string[] = [];
  await change(project, ({ settings }) => {
    const listed = listForgotten(String(settings["import"]?.["forget"] ?? ""));
    const others = listed.filter(({ spelling, name }) => spelling !== contact && name !== contact);
    left = others.map(({ spelling }) => spelling);
    if (others.length === listed.length)
      refuse(`--undo: nobody forgotten here (${listed.length}) has that name`, "See kouwen forget --list");
    settings["import"] = { ...settings["import"], forget: joinList(left) };
  });
  io.result({ project, forgotten: left }, "The chat comes back with the next kouwen import or kouwen run.");
}

async function change(project: string, how: (file: ProjectFile) => void): Promise<void> {
  const unlock = await lockProject(project);
  try {
    const file = await readProject(project);
    how(file);
    await writeProject(project, file);
  } finally {
    await unlock();
  }
}

function refuse(what: string, next: string): never {
  throw new MalformedInput(`forget ${what}. ${next}.`, { stage: "forget" });
}
