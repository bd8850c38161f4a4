import type { Context, MiddlewareHandler } from "hono";
import { faultLine } from "./fault-line.js";
import { describeError } from "./http-error.js";

declare module "hono" {
  interface ContextVariableMap {
    logFault: (error: unknown) => void;
  }
}

/**
 * Tells of every fault of our own, one line each, whether it came before an answer or in the middle of one. What a
 * client did wrong is no such fault, nor is what fails because the client has gone.
 *
 * @param log takes a line without any text of a chat
 */
export function faultLog(log: (line: string) => void): MiddlewareHandler {
  return async (context, next) => {
    context.set("logFault", (error) => {
      if (describeError(error).status !== 500 || context.req.raw.signal.aborted) return;
      const place = error instanceof Error ? faultLine(error) : typeof error;
      log(`serve: internal error: ${place}`);
    });
    await next();
    if (context.error) logFault(context, context.error);
  };
}

/** Tells of an error that no handler throws any more, as the answer has begun; without `faultLog`, nobody. */
export function logFault(context: Context, error: unknown): void {
  (context.get("logFault") as Context["var"]["logFault"] | undefined)?.(error);
}
