import type { Context } from "hono";
import { describeError } from "../http-error.js";

const encoder = new TextEncoder();

/**
 * Objects as newline-delimited JSON, each written as soon as it is there, whole and with its line break, as clients take
 * what they read in one piece for a line. Nothing is asked of the source before the client took what came before.
 *
 * The first object is waited for: an error in its place is thrown, so that it gets a status of its own. Afterwards the
 * status is sent, and an error becomes a last line. A client that hangs up ends the source, and aborts what it waits for.
 *
 * @param objects what is written; it is handed the signal that tells of the client's end
 */
export async function jsonLines(
  context: Context,
  objects: (signal: AbortSignal) => AsyncGenerator<object, void>,
): Promise<Response> {
  const hungUp = new AbortController();
  const source = objects(AbortSignal.any([context.req.raw.signal, hungUp.signal]));
  let first: IteratorResult<object, void> | undefined = await source.next();
  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const write = (object: object): void =>
          controller.enqueue(encoder.encode(`${JSON.stringify(object)}\n`));
        try {
          const next = first ?? (await source.next());
          first = undefined;
          if (next.done) controller.close();
          else write(next.value);
        } catch (error) {
          if (hungUp.signal.aborted) return;
          write({ error: describeError(error).message });
          controller.close();
        }
      },
      cancel: async (reason) => {
        hungUp.abort(reason);
        await source.return();
      },
    },
    { highWaterMark: 0 },
  );
  return context.body(body, 200, { "content-type": "application/x-ndjson" });
}
