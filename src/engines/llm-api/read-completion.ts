import { APIConnectionError, APIError, type OpenAI } from "openai";
import { Stream } from "openai/streaming";
import type { LlmAnswer } from "../ports.js";

/** Far beyond any answer that is asked for; what sends more is no chat model. */
const MAX_BYTES = 8_000_000;

/** What a completion says; without tokens where the server does not tell them. */
export type Completion = {
  text: string;
  finish: string | null;
  tokens: Pick<LlmAnswer, "promptTokens" | "answerTokens"> | null;
};

/** As servers that only claim to be compatible send it: whatever they like may be left out. */
type Loose = {
  choices?: {
    message?: { content?: unknown };
    delta?: { content?: unknown };
    finish_reason?: string | null;
  }[];
  usage?: { prompt_tokens?: unknown; completion_tokens?: unknown } | null;
} | null;

/**
 * Reads a chat completion: a stream of server-sent events, or one JSON value from servers that do not stream.
 *
 * @param alive is called with each piece that arrives
 * @returns undefined if it is no chat completion, or a far too long one
 * @throws {APIConnectionError} the connection was cut
 * @throws {APIError} the stream tells of an error
 */
export async function readCompletion(
  response: Response,
  client: OpenAI,
  stop: AbortController,
  alive: () => void,
): Promise<Completion | undefined> {
  const body = response.body?.pipeThrough(watched(alive));
  const guarded = new Response(body ?? null, response);
  const streamed = /^text\/event-stream\b/i.test(response.headers.get("content-type") ?? "");
  try {
    return streamed
      ? await readEvents(Stream.fromSSEResponse<Loose>(guarded, stop, client))
      : readOne((await guarded.json()) as Loose);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TooLong) return undefined;
    if (error instanceof APIError) throw error;
    throw new APIConnectionError({ cause: error as Error });
  }
}

/** A completion that came as one JSON value; undefined if it is none. */
export function readOne(completion: Loose): Completion | undefined {
  const choice = completion?.choices?.[0];
  const text = choice?.message?.content;
  if (typeof text !== "string") return undefined;
  return { text, finish: choice?.finish_reason ?? null, tokens: tokensIn(completion) };
}

async function readEvents(events: AsyncIterable<Loose>): Promise<Completion | undefined> {
  let [text, begun] = ["", false];
  let finish: string | null = null;
  let tokens: Completion["tokens"] = null;
  for await (const event of events) {
    // The event with the usage comes last, and has no choice.
    tokens = tokensIn(event) ?? tokens;
    const choice = event?.choices?.[0];
    if (!choice) continue;
    begun = true;
    if (typeof choice.delta?.content === "string") text += choice.delta.content;
    finish = choice.finish_reason ?? finish;
  }
  // A stream that simply ends was cut off on its way.
  if (begun && finish === null) throw new APIConnectionError({});
  return begun ? { text, finish, tokens } : undefined;
}

function tokensIn(completion: Loose): Completion["tokens"] {
  const { prompt_tokens: prompt, completion_tokens: answer } = completion?.usage ?? {};
  if (!isCount(prompt) || !isCount(answer)) return null;
  return { promptTokens: prompt, answerTokens: answer };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

class TooLong extends Error {}

function watched(alive: () => void): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform: (chunk, controller) => {
      alive();
      bytes += chunk.length;
      if (bytes > MAX_BYTES) throw new TooLong();
      controller.enqueue(chunk);
    },
  });
}
