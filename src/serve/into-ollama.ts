import { join } from "node:path";
import type { ModelHost, OllamaHost } from "../engines/ports.js";
import { MalformedInput } from "../errors.js";
import { writeAtomic, writeJson } from "../files.js";
import { readModelConfig } from "../formats/model-config.js";
import { readCodec } from "../formats/template/codec.js";
import type { Run } from "../progress.js";
import { goTemplate, modelfile } from "./modelfile.js";
import { checkParity, type Parity, type ParityPrompt } from "./parity.js";
import type { Parameters } from "./served-model.js";

const STAGE = "serve";
/** Of 20 prompts, so many must have the same first tokens but for near-ties. */
const LEAST_AGREEING = 0.9;

/** A project's files, and the folder that gets the Modelfiles and `serve-ollama.json`. */
export type IntoOllamaPaths = {
  /** Hugging Face folder with the tokenizer that all share. */
  model: string;
  modelF16: string;
  modelQ4: string;
  baseF16: string;
  adapterGguf: string;
  out: string;
};

export type IntoOllamaOptions = {
  /** Before `-f16`, `-q4` and `-lora`. */
  slug: string;
  /** What the models are told where a request tells them nothing. */
  system: string | null;
  /** Each gets a model of its own with what it is told about that contact; `tag` is ASCII. */
  contacts: readonly { tag: string; name: string; system: string | null }[];
  /** Ollama's names for how a reply is drawn, and `num_ctx`. */
  parameters: Readonly<Record<string, number>>;
  prompts: readonly ParityPrompt[];
};

/** What `serve-ollama.json` holds. */
export type IntoOllamaReport = {
  host: string;
  version: string;
  models: { name: string; contact: string | null }[];
  parity: Parity[];
};

/**
 * Makes a project's models in an Ollama, and checks that they are what was trained: `<slug>-f16`, `<slug>-q4`,
 * `<slug>-lora`, and on request `<slug>-q4:<contact>`. Files that it has are not sent again, so that a call that was
 * stopped goes on where it was.
 *
 * @throws {MalformedInput} a name is taken and nobody allowed to replace it; or what Ollama's model sees or says is not
 * what was trained: the report is written all the same
 * @throws {Unsupported} a text that a Modelfile cannot say
 */
export async function intoOllama(
  paths: IntoOllamaPaths,
  options: IntoOllamaOptions,
  engines: { ollama: OllamaHost; host: ModelHost },
  run: Run = {},
): Promise<IntoOllamaReport> {
  const { ollama, host } = engines;
  const { slug, system, contacts } = options;
  const codec = await readCodec(paths.model, STAGE);
  const { contextTokens } = await readModelConfig(paths.model, STAGE);
  const shared = {
    template: goTemplate(codec.template),
    parameters: { ...options.parameters, stop: codec.template.stops } satisfies Parameters,
  };
  const models = [
    { name: `${slug}-f16`, file: "Modelfile.f16", gguf: paths.modelF16, asTrained: paths.modelF16 },
    { name: `${slug}-q4`, file: "Modelfile", gguf: paths.modelQ4, asTrained: paths.modelQ4 },
    {
      name: `${slug}-lora`,
      file: "Modelfile.lora",
      gguf: paths.baseF16,
      adapter: paths.adapterGguf,
      // Base and adapter are to be the merged model.
      asTrained: paths.modelF16,
    },
  ].map((model) => ({ ...model, system, contact: null as string | null }));
  const ofContacts = contacts.map(({ tag, name, system }) => ({
    name: `${slug}-q4:${tag}`,
    file: `Modelfile.${tag}`,
    gguf: paths.modelQ4,
    system,
    contact: name,
  }));
  const all = [...models, ...ofContacts];
  for (const model of all) {
    const parts = { ...shared, system: model.system, from: nameOf(model.gguf) };
    const text = modelfile("adapter" in model ? { ...parts, adapter: nameOf(model.adapter) } : parts);
    await writeAtomic(join(paths.out, model.file), STAGE, (sink) => sink.write(text));
  }
  await askToReplace(
    all.map(({ name }) => name),
    ollama,
    run,
  );

  const digests = new Map<string, string>();
  const put = async (path: string): Promise<string> => {
    const known = digests.get(path) ?? (await ollama.putBlob(path, run));
    digests.set(path, known);
    return known;
  };
  for (const model of all) {
    const blob = await put(model.gguf);
    const adapter = "adapter" in model ? { adapter: await put(model.adapter) } : {};
    await ollama.create(
      { name: model.name, from: { blob }, system: model.system, ...adapter, ...shared },
      run,
    );
  }

  // Where a prompt says nothing of the person, Ollama puts what the model says itself.
  const prompts = options.prompts.map((prompt) => ({ ...prompt, system: prompt.system ?? system }));
  const parity: Parity[] = [];
  const room = Math.min(contextTokens, options.parameters["num_ctx"] ?? contextTokens);
  for (const { name, asTrained } of models) {
    const model = await host.load(asTrained, { contextTokens: room, sequences: 1 }, run);
    try {
      parity.push(await checkParity({ ollama, name, model, codec }, prompts, run));
    } finally {
      await model.close();
    }
  }
  const report: IntoOllamaReport = {
    host: ollama.host,
    version: ollama.version,
    models: all.map(({ name, contact }) => ({ name, contact })),
    parity,
  };
  await writeJson(join(paths.out, "serve-ollama.json"), STAGE, report);
  for (const each of parity) requireParity(each);
  return report;
}

async function askToReplace(names: readonly string[], ollama: OllamaHost, run: Run): Promise<void> {
  const there = new Set((await ollama.names(run)).map((name) => name.toLowerCase()));
  const taken = names.filter((name) => there.has(name.includes(":") ? name : `${name}:latest`));
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
  if (prompts - parting.length >= LEAST_AGREEING * prompts) return;
  throw new MalformedInput(
    `${STAGE} ${model}: after ${parting.length} of ${prompts} prompts Ollama goes on otherwise than our own runtime, first after ${parting[0]} (at most ${Math.floor((1 - LEAST_AGREEING) * prompts)}). Update Ollama, or use kouwen serve.`,
    { stage: STAGE },
  );
}

function nameOf(path: string): string {
  return path.split(/[\\/]/).at(-1)!;
}
