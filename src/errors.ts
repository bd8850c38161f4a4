/** Where and how something failed; every part is optional but the stage. */
export type Place = {
  /** The stage word, such as `import` or `gguf`. */
  stage: string;
  /** The file, as the user named it or relative to the project; never an absolute path we made up. */
  path?: string;
  cause?: unknown;
};

/**
 * An error that a person can act on. The message is one line:
 * `<stage> <subject>: <what is wrong, with the value> (<limit>). <next action>.`
 *
 * Messages and causes never hold chat text or keys.
 */
export abstract class KouwenError extends Error {
  abstract readonly code: "malformed-input" | "unavailable" | "limit-exceeded" | "unsupported";
  /** Whether the same call may succeed later without a change. */
  abstract readonly retryable: boolean;
  readonly stage: string;
  readonly path: string | undefined;

  constructor(message: string, place: Place) {
    super(message, place.cause === undefined ? undefined : { cause: place.cause });
    this.name = new.target.name;
    this.stage = place.stage;
    this.path = place.path;
  }
}

/** The input is broken and stays broken: names the place in it. */
export class MalformedInput extends KouwenError {
  readonly code = "malformed-input";
  readonly retryable = false;
}

/** Something that is needed is not there now; a retry or an installation may help. */
export class Unavailable extends KouwenError {
  readonly code = "unavailable";
  readonly retryable = true;
}

/** Memory, disk, data or budget does not suffice: says needed and available. */
export class LimitExceeded extends KouwenError {
  readonly code = "limit-exceeded";
  readonly retryable = false;
}

/** Well-formed, but not something we handle: lists what is. */
export class Unsupported extends KouwenError {
  readonly code = "unsupported";
  readonly retryable = false;
}
