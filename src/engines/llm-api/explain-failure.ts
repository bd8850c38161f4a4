import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from "openai";
import { Unavailable, Unsupported } from "../../errors.js";
import type { LlmFailure } from "../ports.js";

/** What a failure means for its request; `again`: sending it once more may do better, after that long if the server says so. */
export type Explained = LlmFailure & { again: boolean; afterMs?: number };

/** How services call an account without money: DashScope, with HTTP 400 or 403; SiliconFlow. */
const OUT_OF_MONEY = ["Arrearage", "PrepaidBillOverdue", "PostpaidBillOverdue", "30001"];
/** OpenAI's word for an account without money, which others use for a minute that is full. */
const QUOTA = "insufficient_quota";

/**
 * What a failure means for its request. Says nothing that the server said.
 *
 * @param last whether the request was sent as often as it is going to be
 * @throws {KouwenError} it means that no other request can do any better
 */
export function explainFailure(
  error: unknown,
  { host, model, stage, last }: { host: string; model: string; stage: string; last: boolean },
): Explained {
  if (error instanceof APIConnectionTimeoutError) return { failed: "timeout", again: true };
  if (error instanceof APIConnectionError || error instanceof APIUserAbortError)
    return { failed: "unreachable", again: true };
  if (!(error instanceof APIError)) return { failed: "unreadable", again: false };
  // Undefined for an error in the middle of a stream.
  const status = error.status as number | undefined;
  const code = error.code ?? "";
  const told = status === undefined ? "told in the answer" : `HTTP ${status}`;
  const stop = (what: string, next: string) =>
    new Unavailable(`${stage} ${host}: ${what} (${told}). ${next}.`, { stage });
  if (status === 402 || OUT_OF_MONEY.includes(code) || (code === QUOTA && last))
    throw stop("the balance is used up", "Top it up and run again; what is done stays done");
  if (status === 401) throw stop("the key is not accepted", "Check the variable that holds it");
  if (status === 403)
    throw stop(
      "the key may not use this model, or its account is not in order",
      "Check the account, or choose another model",
    );
  if (status === 404) {
    const message = `${stage} ${host}: there is no model "${model}" or no such API (HTTP 404). Check --llm-model and --llm-url.`;
    throw new Unsupported(message, { stage });
  }
  if (status !== undefined && status < 500 && ![408, 409, 429].includes(status))
    return { failed: "refused", again: false };
  const afterMs = retryAfterMs(error.headers);
  return { failed: "overloaded", again: true, ...(afterMs !== undefined && { afterMs }) };
}

/** How long the server wants not to be asked, as `Retry-After` says in seconds or as a date, and some in milliseconds. */
function retryAfterMs(headers: Headers | undefined): number | undefined {
  const told = headers?.get("retry-after") ?? "";
  const milliseconds = Number.parseFloat(headers?.get("retry-after-ms") ?? "");
  const found = [milliseconds, Number(told || Number.NaN) * 1000, Date.parse(told) - Date.now()];
  const first = found.find((value) => Number.isFinite(value));
  return first === undefined ? undefined : Math.max(0, first);
}
