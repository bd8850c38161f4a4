/**
 * Unix seconds as digits, also where they are milliseconds.
 *
 * @returns null if it is no number, or none of a time between 2001 and 2286
 */
export function readSeconds(digits: string | number): number | null {
  const value = Number(digits);
  if (!/^\s*\d+(?:\.0*)?\s*$/.test(String(digits))) return null;
  const seconds = value >= 1e12 ? Math.floor(value / 1000) : value;
  return seconds >= 1e9 && seconds < 1e10 ? seconds : null;
}
