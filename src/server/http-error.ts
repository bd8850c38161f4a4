import { KouwenError } from "../errors.js";

/** A refusal with the status that says which kind; the message is shown to whoever asked. */
export class HttpError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "HttpError";
    this.status = status;
  }
}

/** The status and message for an error of any kind; what is our own fault shows nothing of its inside. */
export function describeError(error: unknown): { status: number; message: string } {
  if (error instanceof HttpError) return { status: error.status, message: error.message };
  if (error instanceof KouwenError) {
    return { status: error.code === "unavailable" ? 503 : 400, message: error.message };
  }
  return { status: 500, message: "internal error; the terminal where kouwen serve runs says where" };
}
