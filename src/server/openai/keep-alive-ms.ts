/**
 * How long a model stays loaded, in milliseconds, where a client says it in seconds; below 0 is for ever. Undefined for
 * anything else: the field is not OpenAI's, so that it refuses nothing.
 */
export function keepAliveMs(value: unknown): number | undefined {
  const seconds = typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value;
  if (typeof seconds !== "number" || !Number.isFinite(seconds)) return undefined;
  return seconds < 0 ? Infinity : seconds * 1000;
}
