import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from "openai";
import { Unavailable, Unsupported } from "../../errors.js";
import type { Llm, LlmFailure, LlmRequest } from "../ports.js";
import { type Endpoint, isLoopback } from "./endpoints.js";

/** Times a request that met a busy or failing server is sent again; the pauses grow, with jitter, or are the server's. */
const RETRIES = 6;
const TIMEOUT_MS = 120_000;

/** How services call an empty account: OpenAI; DashScope; SiliconFlow. */
const OUT_OF_MONEY = ["insufficient_quota", "Arrearage", "30001"];

/**
 * A model behind an OpenAI-compatible API.
 *
 * @param stage the stage word, for errors
 */
export function openApi({ url, model, key }: Endpoint, stage: string): Llm {
  let sentBytes = 0;
  const client = new OpenAI({
    baseURL: url,
    // The client insists on a key, and would look for one in the environment.
    apiKey: key || "none",
    organization: null,
    project: null,
    maxRetries: RETRIES,
    timeout: TIMEOUT_MS,
    logLevel: "off",
    fetch: (input, init) => {
      if (typeof init?.body === "string") sentBytes += Buffer.byteLength(init.body);
      // A redirect would take the words, and perhaps the key, to a host that nobody chose.
      return fetch(input, { ...init, redirect: "error" });
    },
  });
  const host = isLoopback(url) ? null : new URL(url).host;
  return {
    host,
    model,
    get sentBytes() {
      return sentBytes;
    },
    answer: async (request, signal) => {
      const completion = await client.chat.completions
        .create(bodyOf(model, request), { signal: signal ?? null })
        .catch((error: unknown) => {
          signal?.throwIfAborted();
          return explain(error, { host: new URL(url).host, model, stage });
        });
      if (typeof completion === "object" && completion !== null && "failed" in completion) return completion;
      // Servers that only claim to be compatible leave out whatever they like.
      const choice = completion?.choices?.[0];
      const text = choice?.message?.content;
      if (typeof text !== "string") return { failed: "unreadable" };
      return {
        text,
        whole: choice?.finish_reason === "stop",
        promptTokens: completion.usage?.prompt_tokens ?? 0,
        answerTokens: completion.usage?.completion_tokens ?? 0,
      };
    },
    close: async () => {},
  };
}

function bodyOf(model: string, { system, user, temperature, maxTokens, seed }: LlmRequest) {
  return {
    model,
    messages: [
      { role: "system" as const, content: system },
      { role: "user" as const, content: user },
    ],
    temperature,
    max_tokens: maxTokens,
    seed,
  };
}

/**
 * What a failure means for its request. Says nothing that the server said.
 *
 * @throws {KouwenError} it means that no other request can do any better
 */
function explain(error: unknown, about: { host: string; model: string; stage: string }): LlmFailure {
  const { host, model, stage } = about;
  if (error instanceof APIConnectionTimeoutError) return { failed: "timeout" };
  if (error instanceof APIConnectionError || error instanceof APIUserAbortError) {
    return { failed: "unreachable" };
  }
  if (!(error instanceof APIError)) return { failed: "unreadable" };
  const status = (error.status ?? 0) as number;
  const code = error.code ?? "";
  const stop = (what: string, next: string) =>
    new Unavailable(`${stage} ${host}: ${what} (HTTP ${status}). ${next}.`, { stage });
  if (status === 402 || OUT_OF_MONEY.includes(code))
    throw stop("the balance is used up", "Top it up and run again; what is done stays done");
  if (status === 401) throw stop("the key is not accepted", "Check the variable that holds it");
  if (status === 403)
    throw stop("the key may not use this model", "Check the account, or choose another model");
  if (status === 404) {
    const message = `${stage} ${host}: there is no model "${model}" or no such API (HTTP 404). Check --llm-model and --llm-url.`;
    throw new Unsupported(message, { stage });
  }
  return { failed: status === 429 || status >= 500 ? "overloaded" : "refused" };
}
