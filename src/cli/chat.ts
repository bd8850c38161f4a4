import { chat } from "../chat/chat.js";
import { readCodec } from "../formats/template/codec.js";
import { chatSettings } from "../chat/settings.js";
import { chatInTerminal } from "../chat/terminal.js";
import { MalformedInput } from "../errors.js";
import { contactSystems } from "../project/contact-systems.js";
import { ownerName } from "../project/owner-name.js";
import { type Artifact, artifactPath } from "../project/paths.js";
import { readProject } from "../project/project-file.js";
import { isStaleIn, STALE } from "../project/stale.js";
import { requireMade } from "../project/require-made.js";
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
  resultless: true,
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
    for (const needed of ["dialogues", "model", artifact] as const)
      requireMade(artifactPath(project, needed), project, "chat");
    const contacts = await contactSystems(artifactPath(project, "dialogues"), "chat");
    const contact = String(flags["contact"] ?? [...contacts.keys()][0]);
    if (!contacts.has(contact))
      refuse(`--contact: "${contact}" is none of ${[...contacts.keys()].join(", ")}`);
    if (artifact !== MODELS["base"] && (await isStaleIn(project, artifact)))
      io.say(`chat: this model has ${STALE}.`);
    const codec = await readCodec(artifactPath(project, "model"), "chat");
    const name = (await ownerName(project, "chat")) ?? "model";
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

function refuse(what: string): never {
  throw new MalformedInput(`chat ${what}. See kouwen chat --help.`, { stage: "chat" });
}
