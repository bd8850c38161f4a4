import { type GenerateResponse, Ollama } from "ollama";
import { Unavailable, Unsupported } from "../../errors.js";
import type { Run } from "../../progress.js";
import type { OllamaHost, OllamaModel, OllamaReply } from "../ports.js";
import { digestOf } from "./digest.js";
import { sendBlob } from "./send-blob.js";

const STAGE = "serve";
/** The first whose create takes files by digest. */
const OLDEST = [0, 5, 5];
/** What a build from source without a version calls itself. */
const UNNAMED = "0.0.0";
/** The most likely token always; nothing that was said makes it less likely. */
const GREEDY = { temperature: 0, repeat_penalty: 1, top_k: 1, seed: 1 };

/**
 * The Ollama at an address.
 *
 * @param url such as `http://127.0.0.1:11434`
 * @throws {Unavailable} nobody answers there
 * @throws {Unsupported} it is older than 0.5.5, whose create takes no files
 */
export async function openOllama(url: string, run: Run = {}): Promise<OllamaHost> {
  const base = url.replace(/\/+$/, "");
  const { host } = new URL(base);
  const client = ({ signal }: Run): Ollama =>
    new Ollama({
      host: base,
      fetch: (input, init) => fetch(input, { ...init, ...(signal ? { signal } : {}) }),
    });
  const calling = <Result>(call: Promise<Result>, { signal }: Run): Promise<Result> =>
    call.catch((error: unknown) => {
      signal?.throwIfAborted();
      throw explain(error, host);
    });
  const post = async (path: string, body: object, run: Run): Promise<Record<string, unknown>> => {
    const response = await fetch(`${base}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      ...(run.signal ? { signal: run.signal } : {}),
    });
    if (!response.ok) throw Object.assign(new Error("refused"), { status_code: response.status });
    return (await response.json()) as Record<string, unknown>;
  };

  const { version } = await calling(client(run).version(), run);
  checkVersion(version, host);
  return {
    host,
    version,
    names: async (run = {}) => {
      const { models } = await calling(client(run).list(), run);
      return models.map(({ name }) => name);
    },
    putBlob: async (path, run = {}) => {
      const digest = await digestOf(path, STAGE, run);
      await calling(sendBlob(base, path, digest, STAGE, run), run);
      return digest;
    },
    create: (model, run = {}) => calling(create(client(run), model, run), run),
    remove: async (name, run = {}) => {
      await calling(client(run).delete({ model: name }), run);
    },
    generate: async (model, { system, user }, maxTokens, run = {}) =>
      replyOf(
        await calling(
          client(run).generate({
            model,
            prompt: user,
            ...(system === null ? {} : { system }),
            stream: false,
            options: { ...GREEDY, num_predict: maxTokens },
          }),
          run,
        ),
      ),
    continueText: async (model, text, maxTokens, run = {}) =>
      replyOf(
        await calling(
          client(run).generate({
            model,
            prompt: text,
            // Unlike a raw prompt it is answered with its ids.
            template: "{{ .Prompt }}",
            stream: false,
            options: { ...GREEDY, num_predict: maxTokens },
          }),
          run,
        ),
      ),
    chat: async (model, messages, maxTokens, run = {}) => {
      const options = { ...GREEDY, num_predict: maxTokens };
      const answer = await calling(
        client(run).chat({ model, messages: [...messages], stream: false, options }),
        run,
      );
      return { text: answer.message.content, context: null, promptTokens: answer.prompt_eval_count ?? 0 };
    },
    renderChat: async (model, messages, run = {}) => {
      if (isOlder(version, [0, 12, 0])) return null;
      const body = { model, messages, stream: false, _debug_render_only: true };
      const answer = await calling(post("/api/chat", body, run), run);
      const rendered = (answer["_debug_info"] as { rendered_template?: unknown } | undefined)
        ?.rendered_template;
      return typeof rendered === "string" ? rendered : null;
    },
  };
}

function replyOf(answer: GenerateResponse): OllamaReply {
  return {
    text: answer.response ?? "",
    context: answer.context ?? null,
    promptTokens: answer.prompt_eval_count ?? 0,
  };
}

async function create(client: Ollama, model: OllamaModel, run: Run): Promise<void> {
  const { name, from, adapter, template, system, parameters } = model;
  const request = {
    model: name,
    ...("blob" in from ? { files: { "model.gguf": from.blob } } : { from: from.model }),
    ...(adapter === undefined ? {} : { adapters: { "adapter.gguf": adapter } }),
    template,
    system: system ?? "",
    parameters: parameters as Record<string, unknown>,
    stream: true as const,
  };
  for await (const { status, completed, total } of await client.create(request)) {
    run.onProgress?.({
      stage: STAGE,
      done: completed ?? 0,
      total: total ?? 0,
      unit: "bytes",
      note: `${name}: ${status}`,
    });
  }
}

function isOlder(version: string, than: readonly number[]): boolean {
  const parts = version.split(/[-+]/)[0]!.split(".").map(Number);
  if (version === UNNAMED || parts.some((part) => !Number.isInteger(part))) return false;
  const differs = than.findIndex((part, index) => (parts[index] ?? 0) !== part);
  return differs !== -1 && (parts[differs] ?? 0) < than[differs]!;
}

function checkVersion(version: string, host: string): void {
  if (!isOlder(version, OLDEST)) return;
  throw new Unsupported(
    `${STAGE} ${host}: Ollama ${version.slice(0, 20)} cannot make models of files that are sent to it (${OLDEST.join(".")} or newer). Update Ollama, or use kouwen serve.`,
    { stage: STAGE },
  );
}

/** Says nothing of what was asked; what the server said is kept as the cause. */
function explain(cause: unknown, host: string): Error {
  if (cause instanceof Unavailable || cause instanceof Unsupported) return cause;
  const status = (cause as { status_code?: number }).status_code;
  if (status === undefined && cause instanceof TypeError && cause.message === "fetch failed") {
    return new Unavailable(
      `${STAGE} ${host}: no Ollama answers there. Start it with: ollama serve (or use kouwen serve, which needs none).`,
      { stage: STAGE, cause },
    );
  }
  const what = status === undefined ? "stopped with an error" : `refused (HTTP ${status})`;
  return new Unavailable(`${STAGE} ${host}: Ollama ${what}. Look into its log, and run again.`, {
    stage: STAGE,
    cause,
  });
}
