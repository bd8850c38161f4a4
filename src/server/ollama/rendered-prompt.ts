import { encodeQuestion } from "../../serve/encode-question.js";
import type { ModelPool } from "../../serve/model-pool.js";
import { type Asked, leaseOptions } from "./reply.js";

/**
 * What the model would see of a question, as text: special tokens by their names.
 *
 * @throws {LimitExceeded} it is too long for the model
 */
export async function renderedPrompt(
  pool: ModelPool,
  { served, question, options, keepAliveMs }: Asked,
  signal: AbortSignal,
): Promise<{ _debug_info: { rendered_template: string } }> {
  const lease = await pool.lease(served, leaseOptions(options, keepAliveMs, signal));
  try {
    const ids = encodeQuestion(lease, question, lease.contextTokens, options.think);
    return { _debug_info: { rendered_template: lease.codec.tokenizer.decode(ids) } };
  } finally {
    lease.release();
  }
}
