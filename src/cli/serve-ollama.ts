import { choosePrompts, listPrompts } from "../compare/prompts.js";
import type { Dialogue } from "../dialogue/dialogue.js";
import { openOllama } from "../engines/ollama/host.js";
import { MalformedInput, Unavailable } from "../errors.js";
import { readJsonLines } from "../files.js";
import { contactSystems } from "../project/contact-systems.js";
import { artifactPath } from "../project/paths.js";
import { projectName } from "../project/project-name.js";
import { contactTags, type Offer, projectModels } from "../project/project-models.js";
import { intoOllama } from "../serve/into-ollama.js";
import type { Parity } from "../serve/parity.js";
import type { Call } from "./command.js";
import { withEngines } from "./engines.js";
import { withLeave } from "./send.js";

const STAGE = "serve";
/** Where Ollama listens unless it is told otherwise. */
const OLLAMA_URL = "http://127.0.0.1:11434";
const PROMPTS = 20;
const CONTEXT_TURNS = 8;
const SEED = 1;

/**
 * Makes a project's tuned models in a running Ollama, and checks them.
 *
 * @param url of the Ollama; empty for the usual one
 * @param offer with `perContact` also one of the small model for each contact
 * @param flags `yes`: replaces without asking
 */
export async function serveInOllama(
  project: string,
  url: string,
  offer: Offer,
  { flags, io }: Call,
): Promise<void> {
  const models = (await projectModels([project], offer)).filter(({ name, tuned }) => {
    return tuned && (name.endsWith(":latest") || name.includes("-q4:"));
  });
  if (models.length === 0) {
    throw new Unavailable(
      `${STAGE} project: there is no tuned model yet. Make one with kouwen run --project ${projectName(project)}.`,
      {
        stage: STAGE,
      },
    );
  }
  const dialogues: Dialogue[] = [];
  const path = artifactPath(project, "dialogues");
  for await (const dialogue of readJsonLines<Dialogue>(path, STAGE)) dialogues.push(dialogue);
  const prompts = choosePrompts(listPrompts(dialogues, CONTEXT_TURNS), PROMPTS, SEED).map(
    ({ id, system, context }) => ({ id, system, turns: context }),
  );
  const run = withLeave(io, flags);
  const ollama = await openOllama(addressOf(url), run);
  io.say(`making ${models.length} models in Ollama ${ollama.version} at ${ollama.host}`);
  await withEngines(async ({ host }) => {
    const paths = { model: artifactPath(project, "model"), out: project };
    const report = await intoOllama(paths, models, prompts, { ollama, host: await host() }, run);
    const contacts = contactTags((await contactSystems(path, STAGE)).keys());
    const lines = report.models.map((name) => {
      const contact = contacts.get(name.slice(name.indexOf(":") + 1));
      return `ollama run ${name.replace(/:latest$/, "")}${contact === undefined ? "" : `  (${contact})`}`;
    });
    io.result(report, [...report.parity.map(formatParity), ...lines].join("\n"));
  });
}

function addressOf(url: string): string {
  const given = url === "" ? process.env["OLLAMA_HOST"] || OLLAMA_URL : url;
  const whole = /^https?:\/\//.test(given) ? given : `http://${given}`;
  const address = URL.canParse(whole) ? new URL(whole) : undefined;
  if (!address) {
    throw new MalformedInput(
      `${STAGE} --ollama: "${given.slice(0, 60)}" is no address. Give one such as ${OLLAMA_URL}.`,
      { stage: STAGE },
    );
  }
  if (address.port === "" && address.protocol === "http:") address.port = "11434";
  // As a server's address it means all of the machine; as a peer's it is none.
  if (address.hostname === "0.0.0.0") address.hostname = "127.0.0.1";
  return address.origin;
}

function formatParity({ model, prompts, leftOut, agreeing, nearTies }: Parity): string {
  const left = leftOut === 0 ? "" : `; ${leftOut} left out, as somebody typed a mark of the template`;
  const ties = nearTies === 0 ? "" : `, ${nearTies} at a near-tie`;
  return `${model.replace(/:latest$/, "")}: ${prompts} prompts have the ids of the training; the first tokens agree after ${agreeing + nearTies}${ties}${left}`;
}
