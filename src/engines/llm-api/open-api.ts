import OpenAI, { APIConnectionTimeoutError } from "openai";
import { tokensOf } from "../../augment/estimate.js";
import type { Llm, LlmAnswer, LlmFailure, LlmRequest } from "../ports.js";
import { openBatches } from "./batches.js";
import { type Endpoint, isLoopback } from "./endpoints.js";
import { type Explained, explainFailure } from "./explain-failure.js";
import { pause } from "./pause.js";
import { readCompletion } from "./read-completion.js";

/** Times a request that met a busy or failing server is sent again. */
const RETRIES = 6;
/** From one try to the next, twice as long each time, a quarter of it by chance. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A server that wants more than this is not waited for. */
const PATIENCE_MS = 300_000;

/** How an API is talked to; what is told of a request tells nothing of its words. */
export type ApiOptions = {
  /** Is told the host, unless it is this machine, and how many bytes are about to leave for it. */
  onSend?: (host: string, bytes: number) => void;
  /** Longest silence before an answer and within one; two minutes unless told. */
  silenceMs?: number;
  /** First pause between looks at a batch; five seconds unless told. */
  pollMs?: number;
};

/**
 * A model behind an OpenAI-compatible API.
 *
 * Answers are streamed, so that no proxy takes a long one for a dead connection, and a dead connection shows soon. A
 * server that refuses to stream is asked for whole answers.
 *
 * @param stage the stage word, for errors
 */
export function openApi(
  { url, model, key }: Endpoint,
  stage: string,
  { onSend, silenceMs = 120_000, pollMs = 5000 }: ApiOptions = {},
): Llm {
  const host = new URL(url).host;
  const away = isLoopback(url) ? null : host;
  let sentBytes = 0;
  const count = (bytes: number): void => {
    sentBytes += bytes;
    if (away !== null) onSend?.(away, bytes);
  };
  const client = new OpenAI({
    baseURL: url,
    // The client insists on a key, and would look for one in the environment.
    apiKey: key || "none",
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: silenceMs,
    logLevel: "off",
    fetch: (input, init) => {
      if (typeof init?.body === "string") count(Buffer.byteLength(init.body));
      // A redirect would take the words, and perhaps the key, to a host that nobody chose.
      return fetch(input, { ...init, redirect: "error" });
    },
  });
  /** Whether the server streams, once it has shown it. */
  let streams: boolean | undefined;
  /** When the server may be asked again: one answer of "too many requests" is meant for all who ask. */
  let quietUntil = 0;

  const askOnce = async (
    request: LlmRequest,
    stream: boolean,
    signal: AbortSignal | undefined,
  ): Promise<LlmAnswer | Explained> => {
    const stop = new AbortController();
    const either = AbortSignal.any([stop.signal, ...(signal ? [signal] : [])]);
    // The client aborts as well when a stream tells of an error.
    let silent = false;
    const timer = setTimeout(() => {
      silent = true;
      stop.abort();
    }, silenceMs);
    try {
      const body = { ...bodyOf(model, request), ...(stream && STREAMED) };
      const response = await client.chat.completions.create(body, { signal: either }).asResponse();
      const completion = await readCompletion(response, client, stop, () => timer.refresh());
      if (completion === undefined) return { failed: "unreadable", again: false };
      const { text, finish, tokens } = completion;
      return { text, whole: finish === "stop", ...(tokens ?? guessTokens(request, text)) };
    } catch (error) {
      signal?.throwIfAborted();
      throw silent ? new APIConnectionTimeoutError() : error;
    } finally {
      clearTimeout(timer);
    }
  };

  const tryOnce = async (
    request: LlmRequest,
    last: boolean,
    signal: AbortSignal | undefined,
  ): Promise<LlmAnswer | Explained> => {
    const explain = (error: unknown): Explained => {
      signal?.throwIfAborted();
      return explainFailure(error, { host, model, stage, last });
    };
    const known = streams;
    const first = await askOnce(request, known ?? true, signal).catch(explain);
    if (!("failed" in first)) streams ??= true;
    // What it refuses may be the stream only.
    if (known !== undefined || !("failed" in first) || first.failed !== "refused") return first;
    const plain = await askOnce(request, false, signal).catch(explain);
    if (!("failed" in plain)) streams ??= false;
    return plain;
  };

  const answer = async (request: LlmRequest, signal?: AbortSignal): Promise<LlmAnswer | LlmFailure> => {
    for (let tries = 0; ; tries += 1) {
      await pause(quietUntil - Date.now(), signal);
      const last = tries === RETRIES;
      const tried = await tryOnce(request, last, signal);
      if (!("failed" in tried)) return tried;
      const backOff = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries) * (1 - Math.random() / 4);
      const { failed, again, afterMs } = tried;
      if (!again || last || (afterMs ?? 0) > PATIENCE_MS) return { failed };
      if (afterMs === undefined) await pause(backOff, signal);
      else quietUntil = Math.max(quietUntil, Date.now() + afterMs);
    }
  };
  return {
    host: away,
    model,
    get sentBytes() {
      return sentBytes;
    },
    answer,
    batches: openBatches({
      client,
      host,
      model,
      stage,
      pollMs,
      count,
      bodyOf: (request) => bodyOf(model, request),
    }),
    close: async () => {},
  };
}

const STREAMED = { stream: true, stream_options: { include_usage: true } } as const;

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

/** So that a budget holds for servers, too, that do not tell what was used. */
function guessTokens({ system, user }: LlmRequest, text: string) {
  return { promptTokens: tokensOf(system) + tokensOf(user), answerTokens: tokensOf(text) };
}
