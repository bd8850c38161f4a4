import { HubApiError } from "@huggingface/hub";

/** One source could not give a model; another may. The message is a clause without address or key, such as `did not answer`. */
export class SourceFailed extends Error {}

/** A hub answered with a status that is no success. */
export class HubRefused extends Error {
  readonly statusCode: number;
  constructor(statusCode: number) {
    super(`status ${statusCode}`);
    this.statusCode = statusCode;
  }
}

/** What a failed request says about an endpoint, as a clause that follows its name. */
export function reasonOf(error: unknown): string {
  if (error instanceof SourceFailed) return error.message;
  if (error instanceof HubApiError || error instanceof HubRefused) {
    if (error.statusCode === 401) return "wants a login (status 401)";
    if (error.statusCode === 403) return "refused access (status 403)";
    if (error.statusCode === 404) return "does not have it (status 404)";
    if (error.statusCode === 429) return "has no time for more requests (status 429)";
    return `failed (status ${error.statusCode})`;
  }
  const code = errorCode(error);
  return code === undefined ? "gave an unusable answer" : `could not be reached (${code})`;
}

/** Whether the endpoint may have the model, but not for this person. */
export function isRefusal(error: unknown): boolean {
  return (
    (error instanceof HubApiError || error instanceof HubRefused) &&
    (error.statusCode === 401 || error.statusCode === 403)
  );
}

/** Whether the endpoint may give it later. */
export function isBusy(error: unknown): boolean {
  return (error instanceof HubApiError || error instanceof HubRefused) && error.statusCode === 429;
}

/** Whether our own disk failed, not the other side: `fetch` hides the system's error inside its own. */
export function isDiskError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}

function errorCode(error: unknown): string | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    const code = (each as NodeJS.ErrnoException).code;
    if (typeof code === "string" && /^[A-Z_]+$/.test(code)) return code;
  }
  return undefined;
}
