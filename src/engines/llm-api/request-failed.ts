/** Why a single request came to nothing. */
export type FailureReason = "refused" | "overloaded" | "unreachable" | "timeout" | "unreadable";

/** A request that failed for good, after all retries, while the endpoint as a whole may still work. */
export class LlmRequestFailed extends Error {
  readonly reason: FailureReason;

  constructor(reason: FailureReason, status?: number) {
    super(status === undefined ? reason : `${reason} (HTTP ${status})`);
    this.name = "LlmRequestFailed";
    this.reason = reason;
  }
}
