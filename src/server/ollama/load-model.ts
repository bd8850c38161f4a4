import type { ModelPool } from "../../serve/model-pool.js";
import type { AnswerOptions } from "../../serve/question.js";
import type { ServedModel } from "../../serve/served-model.js";
import { meansUnload } from "./keep-alive.js";
import { leaseOptions } from "./reply.js";

/**
 * What a request that asks nothing is for: the model is loaded, or unloaded where it is to stay for less than a second.
 *
 * @returns which of both, as `done_reason` tells it
 */
export async function loadOrUnload(
  pool: ModelPool,
  served: ServedModel,
  options: AnswerOptions,
  keepAliveMs: number | undefined,
  signal: AbortSignal,
): Promise<"load" | "unload"> {
  if (meansUnload(keepAliveMs)) {
    await pool.unload(served);
    return "unload";
  }
  const lease = await pool.lease(served, leaseOptions(options, keepAliveMs, signal));
  lease.release();
  return "load";
}
