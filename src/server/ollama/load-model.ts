import type { ModelPool } from "../../serve/model-pool.js";
import { meansUnload } from "../keep-alive.js";
import { type Asked, leaseFor } from "./reply.js";

/**
 * What a request that asks nothing is for: the model is loaded, or unloaded where it is to stay for less than a second.
 *
 * @returns which of both, as `done_reason` tells it
 */
export async function loadOrUnload(
  pool: ModelPool,
  asked: Omit<Asked, "question" | "begin">,
  signal: AbortSignal,
): Promise<"load" | "unload"> {
  if (meansUnload(asked.keepAliveMs)) {
    await pool.unload(asked.served);
    return "unload";
  }
  const lease = await leaseFor(pool, asked, signal);
  lease.release();
  return "load";
}
