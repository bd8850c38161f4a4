import { basename, join } from "node:path";
import type { ModelHost, OllamaHost } from "../engines/ports.js";
import { MalformedInput } from "../errors.js";
import { writeAtomic, writeJson } from "../files.js";
import { readCodec } from "../formats/template/codec.js";
import type { Run } from "../progress.js";
import { goTemplate, modelfile } from "./modelfile.js";
import { checkParity, type Parity, type ParityPrompt } from "./parity.js";
import { readModel } from "./read-model.js";
import type { ServedModel } from "./served-model.js";

const STAGE = "serve";
/** After so many of a hundred prompts the first tokens may part otherwise than at near-ties. */
const MOST_PARTING_PERCENT = 10;

/** Where a project's tokenizer is (a Hugging Face folder), and what gets the Modelfiles and `serve-ollama.json`. */
export type IntoOllamaPaths = { model: string; out: string };

/** What `serve-ollama.json` holds. */
export type IntoOllamaReport = {
  host: string;
  version: string;
  models: string[];
  parity: Parity[];
};

/**
 * Makes a project's models in an Ollama, and checks that they are what was trained. Files that it has are not sent
 * again, so that a call that was stopped goes on where it was.
 *
 * @param models to be made under their names; those tagged `latest` are checked, others are the same with another
 * system text
 * @param prompts to check them at
 * @throws {MalformedInput} a name is taken and nobody allowed to replace it; or what Ollama's model sees or says is not
 * what was trained: the report is written all the same
 * @throws {Unsupported} a text that a Modelfile cannot say
 */
export async function intoOllama(
  paths: IntoOllamaPaths,
  models: readonly ServedModel[],
  prompts: readonly ParityPrompt[],
  { ollama, host }: { ollama: OllamaHost; host: ModelHost },
  run: Run = {},
): Promise<IntoOllamaReport> {
  const codec = await readCodec(paths.model, STAGE);
  const template = goTemplate(codec.template);
  const makings = models.map((model) => ({
    ...model,
    parameters: { ...model.parameters, stop: codec.template.stops },
  }));
  for (const { name, gguf, adapter, system, parameters } of makings) {
    const parts = { from: basename(gguf), template, system, parameters };
    const text = modelfile(adapter === null ? parts : { ...parts, adapter: basename(adapter) });
    await writeAtomic(join(paths.out, modelfileName(name)), STAGE, (sink) => sink.write(text));
  }
  await askToReplace(
    models.map(({ name }) => name),
    ollama,
    run,
  );

  const digests = new Map<string, string>();
  const put = async (path: string): Promise<string> => {
    const digest = digests.get(path) ?? (await ollama.putBlob(path, run));
    digests.set(path, digest);
    return digest;
  };
  for (const { name, gguf, adapter, system, parameters } of makings) {
    const from = { blob: await put(gguf) };
    const more = adapter === null ? {} : { adapter: await put(adapter) };
    await ollama.create({ name, from, ...more, template, system, parameters }, run);
  }

  const parity: Parity[] = [];
  for (const { name, gguf, adapter, system, contextTokens } of models.map(withContext)) {
    if (!name.endsWith(":latest")) continue;
    const { quantized } = await readModel(gguf);
    const options = { contextTokens, sequences: 1, ...(adapter === null ? {} : { adapter }) };
    const model = await host.load(gguf, options, run);
    try {
      // Where a prompt has no system text, Ollama puts the model's own.
      const told = prompts.map((prompt) => ({ ...prompt, system: prompt.system ?? system }));
      parity.push(await checkParity({ ollama, name, model, quantized, codec }, told, run));
    } finally {
      await model.close();
    }
  }
  const report: IntoOllamaReport = {
    host: ollama.host,
    version: ollama.version,
    models: models.map(({ name }) => name),
    parity,
  };
  await writeJson(join(paths.out, "serve-ollama.json"), STAGE, report);
  for (const each of parity) requireParity(each);
  return report;
}

function withContext(model: ServedModel): ServedModel & { contextTokens: number } {
  return { ...model, contextTokens: Number(model.parameters["num_ctx"]) };
}

/** `Modelfile` is the small tuned model's, as that is what people look for. */
function modelfileName(name: string): string {
  const [, ending, tag] = /-([a-z0-9]+):(.*)$/.exec(name) ?? [];
  const word = tag === "latest" ? ending : tag;
  return word === "q4" ? "Modelfile" : `Modelfile.${word}`;
}

async function askToReplace(names: readonly string[], ollama: OllamaHost, run: Run): Promise<void> {
  const there = new Set((await ollama.names(run)).map((name) => name.toLowerCase()));
  const taken = names.filter((name) => there.has(name));
  if (taken.length === 0) return;
  const answer = await run.ask?.({
    what: `Ollama at ${ollama.host} has ${taken.join(", ")} already. Replace?`,
    candidates: [
      { answer: "no", evidence: "they stay as they are" },
      { answer: "yes", evidence: "they are made anew of this project" },
    ],
  });
  if (answer === "yes") return;
  throw new MalformedInput(
    `${STAGE} ${ollama.host}: ${taken.join(", ")} ${taken.length === 1 ? "is" : "are"} there already. Replace with --yes, or remove with: ollama rm ${taken[0]}.`,
    { stage: STAGE },
  );
}

function requireParity({ model, prompts, drifts, parting }: Parity): void {
  const [drift] = drifts;
  if (drift) {
    const { promptId, by, position, expected, found } = drift;
    const where =
      position === -1
        ? `${found} tokens instead of ${expected}`
        : `token ${position} is ${found} instead of ${expected}`;
    throw new MalformedInput(
      `${STAGE} ${model}: ${drifts.length} of ${prompts} prompts are not what was trained: ${promptId}, ${where} (${by}). Make the GGUF files again with kouwen run --fresh; if it stays, use kouwen serve.`,
      { stage: STAGE },
    );
  }
  const most = Math.floor((prompts * MOST_PARTING_PERCENT) / 100);
  if (parting.length <= most) return;
  throw new MalformedInput(
    `${STAGE} ${model}: after ${parting.length} of ${prompts} prompts Ollama goes on otherwise than our own runtime, first after ${parting[0]} (at most ${most}). Update Ollama, or use kouwen serve.`,
    { stage: STAGE },
  );
}
