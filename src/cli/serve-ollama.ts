import { choosePrompts, listPrompts } from "../compare/prompts.js";
import { chatSettings } from "../chat/settings.js";
import type { Dialogue } from "../dialogue/dialogue.js";
import { openOllama } from "../engines/ollama/host.js";
import { readJsonLines } from "../files.js";
import { contactSystems } from "../project/contact-systems.js";
import { modelSlug } from "../project/model-slug.js";
import { ownerName } from "../project/owner-name.js";
import { artifactPath } from "../project/paths.js";
import { readProject } from "../project/project-file.js";
import { resolveSettings } from "../project/settings.js";
import { slug } from "../project/slug.js";
import { intoOllama } from "../serve/into-ollama.js";
import type { Call } from "./command.js";
import { withEngines } from "./engines.js";
import { withLeave } from "./send.js";

/** Held-out moments at which Ollama is held against training. */
const PROMPTS = 20;
const CONTEXT_TURNS = 8;
const SEED = 1;

/**
 * Makes a project's models in a running Ollama, and shows that they are what was trained.
 *
 * @param contextTokens what Ollama is told a conversation has room for
 */
export async function serveInOllama(
  project: string,
  { contextTokens, perContact }: { contextTokens: number; perContact: boolean },
  { flags, io }: Pick<Call, "flags" | "io">,
): Promise<void> {
  const { settings } = await readProject(project);
  const { values } = resolveSettings("chat", chatSettings, settings["chat"] ?? {}, {});
  const systems = await contactSystems(artifactPath(project, "dialogues"), "serve");
  const dialogues: Dialogue[] = [];
  for await (const each of readJsonLines<Dialogue>(artifactPath(project, "dialogues"), "serve"))
    dialogues.push(each);
  const prompts = choosePrompts(listPrompts(dialogues, CONTEXT_TURNS), PROMPTS, SEED);
  const at = (artifact: Parameters<typeof artifactPath>[1]) => artifactPath(project, artifact);
  const paths = {
    model: at("model"),
    modelF16: at("modelF16"),
    modelQ4: at("modelQ4"),
    baseF16: at("baseF16"),
    adapterGguf: at("adapterGguf"),
    out: project,
  };
  const options = {
    slug: modelSlug(await ownerName(project, "serve"), project),
    system: values.system || [...systems.values()][0] || null,
    contacts: perContact
      ? [...systems].map(([name, system]) => ({ tag: slug(name), name, system: system || null }))
      : [],
    parameters: {
      num_ctx: contextTokens,
      temperature: values.temperature,
      top_p: values.topP,
      repeat_penalty: values.repeatPenalty,
    },
    prompts: prompts.map(({ id, system, context }) => ({ id, system, turns: context })),
  };
  const url = String(flags["ollamaUrl"] ?? (process.env["OLLAMA_HOST"] || "127.0.0.1:11434"));
  const ollama = await openOllama(/^\w+:\/\//.test(url) ? url : `http://${url}`, io);
  await withEngines(async ({ host }) => {
    const report = await intoOllama(paths, options, { ollama, host: await host() }, withLeave(io, flags));
    const lines = report.parity.map(
      ({ model, prompts: count, agreeing, nearTies }) =>
        `${model}: the tokens of ${count} held-out prompts are those of training; replies begin alike after ${agreeing} of them${nearTies > 0 ? `, part at a near-tie after ${nearTies}` : ""}`,
    );
    const [first] = report.models;
    io.result(report, [...lines, `ollama run ${report.models[1]?.name ?? first?.name}`].join("\n"));
  });
}
