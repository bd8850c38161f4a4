import { errorBody } from "./error-body.js";

/**
 * Objects as server-sent events, and `[DONE]` after the last. They are made as they are read, none ahead.
 *
 * A failure of the first one is thrown, so that it has a status of its own; one after it is an event with an error, the
 * last of the stream. When nobody reads any more the source is left.
 *
 * @param signal aborts when whoever asked has gone, and with it the source
 */
export async function eventStream(
  source: AsyncGenerator<object, void>,
  signal: AbortSignal,
): Promise<Response> {
  const first = await source.next();
  const leave = () => void source.return().catch(() => {});
  // A body that nobody ever begins to read is not cancelled either.
  if (signal.aborted) leave();
  signal.addEventListener("abort", leave, { once: true });
  const events = eventsOf(first, source);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const { done, value } = await events.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(`data: ${value}\n\n`));
      },
      cancel: leave,
    },
    { highWaterMark: 0 },
  );
  return new Response(body, {
    headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" },
  });
}

async function* eventsOf(
  first: IteratorResult<object, void>,
  source: AsyncGenerator<object, void>,
): AsyncGenerator<string, void> {
  try {
    if (!first.done) yield JSON.stringify(first.value);
    for await (const value of source) yield JSON.stringify(value);
    yield "[DONE]";
  } catch (error) {
    yield JSON.stringify(errorBody(error).body);
  }
}
