/** Milliseconds of a unit. @source Go, package time, ParseDuration */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  "\u00b5s": 1e-3,
  "\u03bcs": 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/**
 * Milliseconds of a duration as Go writes it, such as `5m`, `1h30m` or `-1s`; undefined for what is none.
 *
 * @source Go, package time, ParseDuration
 */
export function parseGoDuration(text: string): number | undefined {
  const match = /^([+-]?)(.+)$/.exec(text);
  if (!match) return undefined;
  const [, sign, rest] = match;
  if (rest === "0") return 0;
  const terms = [...rest!.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/gy)];
  if (terms.length === 0 || terms.map(([term]) => term).join("") !== rest) return undefined;
  const total = terms.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit!]!, 0);
  return sign === "-" ? -total : total;
}
