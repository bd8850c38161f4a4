import { chat } from "../chat/chat.js";
import { readCodec } from "../formats/template/codec.js";
import { chatSettings } from "../chat/settings.js";
import { chatInTerminal } from "../chat/terminal.js";
import type { Dialogue } from "../dialogue/dialogue.js";
import { MalformedInput } from "../errors.js";
import { readJson, readJsonLines } from "../files.js";
import { type Artifact, artifactPath } from "../project/paths.js";
import { readProject } from "../project/project-file.js";
import { isStaleIn, STALE } from "../project/stale.js";
import { resolveSettings } from "../project/settings.js";
import { flagsOf, settingsAmong } from "./arguments.js";
import type { Command, Flag } from "./command.js";
import { withEngines } from "./engines.js";
import { existingProject, projectFlag } from "./project-option.js";

const MODELS: Record<string, Artifact> = { q4: "modelQ4", f16: "modelF16", base: "baseF16" };

const chatFlags: Record<string, Flag> = {
  model: {
    kind: "string",
    hint: Object.keys(MODELS).join("|"),
    describe: "which model answers",
    default: "q4",
  },
  contact: {
    kind: "string",
    hint: "name",
    describe: "who you are to it: one of the contacts it learnt to answer",
  },
};

/** `kouwen chat`: a conversation in the terminal. */
export const chatCommand: Command = {
  name: "chat",
  summary: "talks with the tuned model, a bubble a line",
  usage: "",
  positionals: { min: 0, max: 0 },
  flags: { ...projectFlag, ...chatFlags, ...flagsOf(chatSettings) },
  examples: ["kouwen chat --project demo --contact June", "echo hi | kouwen chat --project demo --seed 1"],
  run: async ({ flags, io }) => {
    const project = await existingProject(flags["project"], "chat");
    const file = await readProject(project);
    const own = settingsAmong(flags, chatSettings);
    const { values } = resolveSettings("chat", chatSettings, file.settings["chat"] ?? {}, own);
    const artifact = MODELS[String(flags["model"] ?? "q4")];
    if (!artifact)
      refuse(`--model: "${String(flags["model"])}" is none of ${Object.keys(MODELS).join(", ")}`);
    const contacts = await readContacts(artifactPath(project, "dialogues"));
    const contact = String(flags["contact"] ?? [...contacts.keys()][0]);
    if (!contacts.has(contact))
      refuse(`--contact: "${contact}" is none of ${[...contacts.keys()].join(", ")}`);
    if (artifact !== MODELS["base"] && (await isStaleIn(project, artifact)))
      io.say(`chat: this model has ${STALE}.`);
    const codec = await readCodec(artifactPath(project, "model"), "chat");
    const name = await ownerName(artifactPath(project, "importReport"));
    await withEngines(async ({ host }) => {
      const { contextTokens } = values;
      const llama = await host();
      const model = await llama.load(artifactPath(project, artifact), { contextTokens, sequences: 1 }, io);
      io.say(`You are ${contact}. /reset begins anew, /exit ends.`);
      const system = values.system || (contacts.get(contact) ?? "");
      const terminal = { name, input: process.stdin, output: process.stdout };
      await chatInTerminal(chat(model, codec, { ...values, system }), terminal, { signal: io.signal });
    });
  },
};

/** The contacts of the training, the one with most dialogues first, and what the export told the model for each. */
async function readContacts(dialogues: string): Promise<Map<string, string>> {
  const systems = new Map<string, string>();
  const counts = new Map<string, number>();
  for await (const { contact, system } of readJsonLines<Dialogue>(dialogues, "chat")) {
    systems.set(contact, system ?? "");
    counts.set(contact, (counts.get(contact) ?? 0) + 1);
  }
  return new Map([...systems].sort(([a], [b]) => counts.get(b)! - counts.get(a)!));
}

async function ownerName(report: string): Promise<string> {
  const { owner } = (await readJson(report, "chat")) as { owner: { name: string | null } };
  return owner.name ?? "model";
}

function refuse(what: string): never {
  throw new MalformedInput(`chat ${what}. See kouwen chat --help.`, { stage: "chat" });
}
