import type { Context } from "hono";
import { errorBody } from "./error-response.js";
import { logFault } from "./fault-log.js";

/** How objects are written one after the other. */
type Format = {
  type: string;
  write: (json: string) => string;
  /** What closes a stream that did not fail. */
  end: string;
};

/** Ollama's: clients take what they read in one piece for a line. */
const JSON_LINES: Format = { type: "application/x-ndjson", write: (json) => `${json}\n`, end: "" };
/** OpenAI's: server-sent events. */
const EVENTS: Format = {
  type: "text/event-stream; charset=utf-8",
  write: (json) => `data: ${json}\n\n`,
  end: "data: [DONE]\n\n",
};

type Objects = (signal: AbortSignal) => AsyncGenerator<object, void>;

/** Objects as newline-delimited JSON. */
export function jsonLines(context: Context, objects: Objects): Promise<Response> {
  return objectStream(context, objects, JSON_LINES);
}

/** Objects as server-sent events, and `[DONE]` after the last. */
export function eventStream(context: Context, objects: Objects): Promise<Response> {
  return objectStream(context, objects, EVENTS);
}

/**
 * Objects, each written whole as soon as it is there. Nothing is asked of the source before the client took what came
 * before.
 *
 * The first object is waited for: an error in its place is thrown, so that it gets a status of its own. Afterwards the
 * status is sent, and an error becomes the last object; one of our own is logged. A client that goes ends the source,
 * and aborts what it waits for.
 *
 * @param objects what is written; it is handed the signal that tells of the client's end
 */
async function objectStream(
  context: Context,
  objects: Objects,
  { type, write, end }: Format,
): Promise<Response> {
  const left = new AbortController();
  const signal = AbortSignal.any([context.req.raw.signal, left.signal]);
  const source = objects(signal);
  let first: IteratorResult<object, void> | undefined = await source.next();
  // A body that nobody ever begins to read is not cancelled when the client goes.
  const leave = (): void => void source.return().catch(() => {});
  if (signal.aborted) leave();
  signal.addEventListener("abort", leave, { once: true });
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const send = (text: string): void => {
          if (text !== "") controller.enqueue(encoder.encode(text));
        };
        try {
          const next = first ?? (await source.next());
          first = undefined;
          if (!next.done) return send(write(JSON.stringify(next.value)));
          send(end);
        } catch (error) {
          if (left.signal.aborted) return;
          logFault(context, error);
          send(write(JSON.stringify(errorBody(error, context))));
        }
        controller.close();
      },
      cancel: (reason) => left.abort(reason),
    },
    { highWaterMark: 0 },
  );
  return context.body(body, 200, { "content-type": type, "cache-control": "no-cache" });
}
