import { setMaxListeners } from "node:events";
import { join } from "node:path";
import type { KouwenError } from "../errors.js";
import { kouwenHome } from "../project/paths.js";
import { projectModels, projectsIn } from "../project/project-models.js";
import { resolveSettings } from "../project/settings.js";
import { clientConfig } from "../serve/client-config.js";
import { openCatalogue } from "../serve/open-catalogue.js";
import { Pool } from "../serve/pool.js";
import { type ServeSettings, serveSettings } from "../serve/settings.js";
import { createApp } from "../server/app.js";
import { listen } from "../server/listen.js";
import { flagsOf, settingsAmong } from "./arguments.js";
import type { Command } from "./command.js";
import { withEngines } from "./engines.js";
import { existingProject, projectFlag } from "./project-option.js";
import { serveInOllama } from "./serve-ollama.js";
import { vllmPlace } from "./vllm-place.js";

/** The version of Ollama whose API this is; clients look whether it is new enough for them. */
const OLLAMA_VERSION = "0.6.5";
/** Of what is free when the server starts. */
const MEMORY_SHARE = 0.75;

/** `kouwen serve`: all models of all projects on one port. */
export const serveCommand: Command = {
  name: "serve",
  summary: "answers chat programs that speak with Ollama or OpenAI",
  usage: "",
  positionals: { min: 0, max: 0 },
  flags: {
    project: {
      ...projectFlag.project,
      describe: "only this project's models: a name in KOUWEN_HOME or a folder",
    },
    contacts: { kind: "boolean", describe: "also a model for each contact, which knows who writes to it" },
    ollama: {
      kind: "boolean",
      describe: "make the project's models in a running Ollama instead, and check them",
    },
    ollamaUrl: {
      kind: "string",
      hint: "address",
      describe: "where that Ollama is; default: OLLAMA_HOST, or this machine",
    },
    yes: { kind: "boolean", describe: "replace models that Ollama has by the same name without asking" },
    printConfig: {
      kind: "string",
      hint: "client",
      describe:
        "only print the settings for page-assist, open-webui, chatbox, lobechat, astrbot, langbot or vllm",
    },
    ...flagsOf(serveSettings),
  },
  examples: [
    "kouwen serve",
    "kouwen serve --project aze --contacts --port 11435",
    "kouwen serve --ollama --project aze",
    "kouwen serve --print-config page-assist",
  ],
  run: async (call) => {
    const { flags, io } = call;
    const { values } = resolveSettings("serve", serveSettings, {}, settingsAmong(flags, serveSettings));
    const offer = { perContact: flags["contacts"] === true, contextTokens: values.contextTokens };
    if (flags["ollama"] === true) {
      const project = await existingProject(flags["project"], "serve");
      return serveInOllama(project, String(flags["ollamaUrl"] ?? ""), offer, call);
    }
    const only =
      flags["project"] === undefined ? undefined : await existingProject(flags["project"], "serve");
    const leaveOut = tellOnce(io.say);
    const models = async () =>
      only === undefined
        ? projectModels(await projectsIn(kouwenHome()), offer, leaveOut)
        : projectModels([only], offer);
    const key = process.env["KOUWEN_API_KEY"] || undefined;
    if (flags["printConfig"] !== undefined) {
      const offered = await models();
      const [first] = offered.filter(({ tuned }) => tuned);
      const client = String(flags["printConfig"]);
      const text = clientConfig(client, {
        url: `http://${values.host}:${values.port}`,
        model: (first?.name ?? "<model>").replace(/:latest$/, ""),
        needsKey: key !== undefined,
        ...(client.toLowerCase() === "vllm" ? { vllm: await vllmPlace(only, io) } : {}),
      });
      return io.result({ text }, text);
    }
    const catalogue = await openCatalogue(join(kouwenHome(), "serve"), models);
    await withEngines(async ({ servingHost, quantizer }) => {
      const pool = new Pool(servingHost, poolOptions(values));
      const app = createApp(
        { catalogue, pool, quantizer, version: OLLAMA_VERSION },
        { host: values.host, key, origins: values.origins, log: io.say },
      );
      const server = await listen(app, { host: values.host, port: values.port });
      try {
        await describe(
          server.url,
          (await catalogue.list()).map(({ name }) => name),
          io.say,
        );
        io.result({ url: server.url }, "");
        setMaxListeners(0, io.signal);
        await new Promise<void>((resolve) =>
          io.signal.addEventListener("abort", () => resolve(), { once: true }),
        );
      } finally {
        // No one is let in any more while those who are inside are sent away.
        const closed = server.close();
        await pool.close();
        await closed;
      }
    });
  },
};

/** Tells of a project that is left out, as often as it breaks and not as often as models are listed. */
function tellOnce(say: (line: string) => void): (folder: string, error: KouwenError) => void {
  const told = new Map<string, string>();
  return (folder, { message }) => {
    if (told.get(folder) !== message) say(`serve "${folder}": left out: ${message}`);
    told.set(folder, message);
  };
}

function poolOptions(settings: ServeSettings) {
  const { memoryGib, parallel, contextTokens, keepAliveMinutes, waiting } = settings;
  return {
    memoryBytes: memoryGib > 0 ? memoryGib * 2 ** 30 : process.availableMemory() * MEMORY_SHARE,
    parallel,
    contextTokens,
    keepAliveMs: keepAliveMinutes < 0 ? Infinity : keepAliveMinutes * 60_000,
    mostWaiting: waiting,
  };
}

async function describe(url: string, names: readonly string[], say: (line: string) => void): Promise<void> {
  say(`serving on ${url} (Ollama's API there, OpenAI's under ${url}/v1); Ctrl-C ends it`);
  if (names.length === 0)
    say("there is no model yet: kouwen run makes one, and it appears here without a restart");
  else say(`models: ${names.map((name) => name.replace(/:latest$/, "")).join(", ")}`);
}
