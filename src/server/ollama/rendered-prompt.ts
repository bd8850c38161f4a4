import { encodeQuestion } from "../../serve/encode-question.js";
import type { ModelPool } from "../../serve/model-pool.js";
import { type Asked, leaseFor } from "./reply.js";

/**
 * What the model would see of a question, as text: special tokens by their names.
 *
 * @throws {LimitExceeded} it is too long for the model
 */
export async function renderedPrompt(
  pool: ModelPool,
  asked: Asked,
  signal: AbortSignal,
): Promise<{ _debug_info: { rendered_template: string } }> {
  const { question, options } = asked;
  const lease = await leaseFor(pool, asked, signal);
  try {
    const ids = encodeQuestion(lease, question, lease.contextTokens, options.think);
    return { _debug_info: { rendered_template: lease.codec.tokenizer.decode(ids) } };
  } finally {
    lease.release();
  }
}
