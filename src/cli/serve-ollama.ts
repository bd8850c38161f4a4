import { choosePrompts, listPrompts } from "../compare/prompts.js";
import type { Dialogue } from "../dialogue/dialogue.js";
import { openOllama } from "../engines/ollama/host.js";
import { MalformedInput } from "../errors.js";
import { readJsonLines } from "../files.js";
import { artifactPath } from "../project/paths.js";
import { projectModels } from "../project/project-models.js";
import { intoOllama } from "../serve/into-ollama.js";
import type { Call } from "./command.js";
import { withEngines } from "./engines.js";
import { withLeave } from "./send.js";

/** Held-out moments at which Ollama is held against training. */
const PROMPTS = 20;
const CONTEXT_TURNS = 8;
const SEED = 1;

/** Makes a project's tuned models in a running Ollama, and shows that they are what was trained. */
export async function serveInOllama(
  project: string,
  { contextTokens, perContact }: { contextTokens: number; perContact: boolean },
  { flags, io }: Pick<Call, "flags" | "io">,
): Promise<void> {
  const models = (await projectModels([project], perContact))
    .filter(({ tuned }) => tuned)
    .map((model) => ({ ...model, parameters: { ...model.parameters, num_ctx: contextTokens } }));
  if (models.length === 0) {
    throw new MalformedInput("serve --ollama: the project has no model yet. Make it with kouwen run.", {
      stage: "serve",
    });
  }
  const dialogues: Dialogue[] = [];
  for await (const each of readJsonLines<Dialogue>(artifactPath(project, "dialogues"), "serve")) {
    dialogues.push(each);
  }
  const prompts = choosePrompts(listPrompts(dialogues, CONTEXT_TURNS), PROMPTS, SEED);
  const moments = prompts.map(({ id, system, context }) => ({ id, system, turns: context }));
  const url = String(flags["ollamaUrl"] ?? (process.env["OLLAMA_HOST"] || "127.0.0.1:11434"));
  const ollama = await openOllama(/^\w+:\/\//.test(url) ? url : `http://${url}`, io);
  await withEngines(async ({ host }) => {
    const paths = { model: artifactPath(project, "model"), out: project };
    const engines = { ollama, host: await host() };
    const report = await intoOllama(paths, models, moments, engines, withLeave(io, flags));
    const lines = report.parity.map(({ model, prompts: count, agreeing, nearTies }) => {
      const ties = nearTies > 0 ? `, part at a near-tie after ${nearTies}` : "";
      return `${model}: the tokens of ${count} held-out prompts are those of training; replies begin alike after ${agreeing}${ties}`;
    });
    io.result(report, [...lines, `ollama run ${report.models[0]!.replace(/:latest$/, "")}`].join("\n"));
  });
}
