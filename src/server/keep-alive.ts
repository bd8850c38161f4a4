import { z } from "zod";
import { parseGoDuration } from "./go-duration.js";

/**
 * How long a model stays loaded after a request, as clients say it: a number of seconds, or a duration such as `5m`;
 * below 0 is for ever. A number written as text counts as one, as people type it into a box.
 *
 * Gives milliseconds, `Infinity` for ever, undefined where nothing is said.
 */
export const keepAlive = z
  .unknown()
  .optional()
  .transform((value, issues): number | undefined => {
    const ms = toMs(value);
    if (ms !== null) return ms === undefined || ms >= 0 ? ms : Infinity;
    const message = `${JSON.stringify(value).slice(0, 80)} is no duration. Send seconds, or a text such as "5m".`;
    issues.addIssue({ code: "custom", message });
    return z.NEVER;
  });

/** Null for what is no duration. */
function toMs(value: unknown): number | null | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number") return value < 0 ? value : Math.trunc(value) * 1000;
  if (typeof value !== "string") return null;
  if (/^-?\d+$/.test(value)) return Number(value) * 1000;
  return parseGoDuration(value) ?? null;
}

/** Whether it means: unload. Less than a second does, as in Ollama. */
export function meansUnload(keepAliveMs: number | undefined): boolean {
  return keepAliveMs !== undefined && keepAliveMs < 1000;
}
