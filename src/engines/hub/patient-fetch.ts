import { setTimeout as pause } from "node:timers/promises";
import { SourceFailed } from "./source-failed.js";

/** An endpoint that has said nothing after this long counts as unreachable: a slow line answers in under two seconds. */
export const ANSWER_MS = 6000;
/** A download in which nothing arrives for this long counts as cut. */
export const SILENCE_MS = 30_000;
/** One in which less than this arrives meanwhile (1 KiB a second) would take weeks: another hub may be faster. */
const LEAST_BYTES = 30 * 1024;
/** A longer pause than this that a hub asks for is no reason to wait while another may answer. */
const MAX_PAUSE_SECONDS = 10;
/** How often a request is made again because the hub asked for a pause. */
const PAUSES = 3;

/** How to talk to one endpoint. */
export type Endpoint = {
  /** Whose protocol it speaks. */
  kind: "huggingface" | "modelscope";
  /** Its address without a slash at the end. */
  url: string;
  /** Sent to this address only, never to another host that it redirects to. */
  token?: string | undefined;
};

/**
 * A `fetch` that gives up on an endpoint that does not answer or falls silent in the middle, asks again after the short
 * pause that a busy one wants, can be aborted, and shows the token to its owner only.
 */
export function patientFetch(base: typeof fetch, endpoint: Endpoint, signal?: AbortSignal): typeof fetch {
  const origin = new URL(endpoint.url).origin;
  const once: typeof fetch = async (input, init) => {
    const headers = new Headers(init?.headers);
    const address = new URL(input instanceof Request ? input.url : input);
    if (endpoint.token && address.origin === origin) sign(headers, endpoint.kind, endpoint.token);
    const silence = new AbortController();
    const either = AbortSignal.any(signal ? [signal, silence.signal] : [silence.signal]);
    const timer = setTimeout(() => silence.abort(new SourceFailed("did not answer")), ANSWER_MS);
    const answer = await base(input, { ...init, headers, signal: either }).finally(() => clearTimeout(timer));
    if (!answer.body) return answer;
    return new Response(answer.body.pipeThrough(watch(silence)), answer);
  };
  return async (input, init) => {
    for (let left = PAUSES; ; left -= 1) {
      const answer = await once(input, init);
      const seconds = pauseOf(answer);
      if (seconds === undefined || left === 0) return answer;
      await answer.body?.cancel();
      await pause(seconds * 1000, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
    }
  };
}

/** The seconds after which a busy hub wants to be asked again, if they are few; it may name a time of day. */
function pauseOf({ status, headers }: Response): number | undefined {
  const asked = headers.get("retry-after");
  if ((status !== 429 && status !== 503) || asked === null) return undefined;
  const seconds = /^\d+$/.test(asked) ? Number(asked) : Math.max(0, (Date.parse(asked) - Date.now()) / 1000);
  return seconds <= MAX_PAUSE_SECONDS ? seconds : undefined;
}

/** ModelScope's own client shows its token as the cookie of a session. */
function sign(headers: Headers, kind: Endpoint["kind"], token: string): void {
  if (kind === "modelscope") headers.set("cookie", `m_session_id=${token}`);
  else headers.set("authorization", `Bearer ${token}`);
}

/** Passes chunks on, and aborts when none comes for a long time, or next to nothing. */
function watch(silence: AbortController): TransformStream<Uint8Array, Uint8Array> {
  let arrived = 0;
  const look = (): void => {
    if (arrived < LEAST_BYTES) {
      return silence.abort(
        arrived === 0 ? new Error("fell silent") : new SourceFailed("sends next to nothing"),
      );
    }
    arrived = 0;
    timer = start();
  };
  const start = () => setTimeout(look, SILENCE_MS).unref();
  let timer = start();
  return new TransformStream({
    transform: (chunk, controller) => {
      arrived += chunk.byteLength;
      controller.enqueue(chunk);
    },
    flush: () => clearTimeout(timer),
  });
}
