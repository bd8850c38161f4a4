/** The most digits of a whole number, as elsewhere in grammars; those of any number after its point. */
const MOST_DIGITS = 16;
const ANY_FRACTION = `[0-9]{1,${MOST_DIGITS}}`;

/** Limits of a number, as JSON Schema has them; each whole, or none. */
export type NumberRange = {
  minimum?: number | undefined;
  maximum?: number | undefined;
  exclusiveMinimum?: number | undefined;
  exclusiveMaximum?: number | undefined;
};

/**
 * GBNF of the numbers between limits, in decimal digits without exponents; undefined where no number lies between them.
 *
 * @param range whole limits below 10^16 on either side
 * @param whole whether only whole numbers are allowed
 */
export function numberRange(range: NumberRange, whole: boolean): string | undefined {
  const low = stricter(range.minimum, range.exclusiveMinimum, Math.max) ?? { at: -Infinity, open: false };
  const high = stricter(range.maximum, range.exclusiveMaximum, Math.min) ?? { at: Infinity, open: false };
  // What lies on either side of zero, as sizes: a negative number's lower limit is its size's upper one.
  const positive = sizes(low.at < 0 ? { at: 0, open: false } : low, high, whole);
  const negative = sizes(high.at >= 0 ? { at: 0, open: true } : negate(high), negate(low), whole);
  const alternatives = [...positive, ...negative.map((size) => `"-" (${size})`)];
  return alternatives.length > 0 ? `(${alternatives.join(" | ")})` : undefined;
}

/** `open`: the number itself is not allowed. */
type Limit = { at: number; open: boolean };

/** Of a limit that includes itself and one that does not, the one that allows less. */
function stricter(
  closed: number | undefined,
  open: number | undefined,
  choose: (a: number, b: number) => number,
): Limit | undefined {
  if (open === undefined) return closed === undefined ? undefined : { at: closed, open: false };
  if (closed === undefined) return { at: open, open: true };
  return { at: choose(closed, open), open: choose(closed, open) === open };
}

function negate({ at, open }: Limit): Limit {
  return { at: -at, open };
}

/** Alternatives for the numbers from one limit to another, neither below zero. */
function sizes(low: Limit, high: Limit, whole: boolean): string[] {
  if (high.at < low.at || high.at < 0) return [];
  const from = BigInt(low.at);
  const to = high.at === Infinity ? 10n ** BigInt(MOST_DIGITS) - 1n : BigInt(high.at);
  if (whole) return wholeNumbers(low.open ? from + 1n : from, high.open ? to - 1n : to);
  if (from === to) return low.open || high.open ? [] : [`"${from}" ("." "0"{1,${MOST_DIGITS}})?`];
  // Each whole number with what may follow its point: what is open has some digit there that is no zero.
  const first = `"${from}" ${low.open ? `"." ${aboveZero()}` : `("." ${ANY_FRACTION})?`}`;
  const between = wholeNumbers(from + 1n, to - 1n).map((digits) => `(${digits}) ("." ${ANY_FRACTION})?`);
  const last = high.open ? [] : [`"${to}" ("." "0"{1,${MOST_DIGITS}})?`];
  return [first, ...between, ...last];
}

function aboveZero(): string {
  return `"0"{0,${MOST_DIGITS - 1}} [1-9] [0-9]{0,${MOST_DIGITS - 1}}`;
}

/** Alternatives for the whole numbers from one to another, both included. */
function wholeNumbers(from: bigint, to: bigint): string[] {
  const alternatives: string[] = [];
  for (let low = from; low <= to;) {
    // As many digits as the lowest one has; a number that fills them all goes on with any of more digits.
    const digits = String(low).length;
    const most = 10n ** BigInt(digits) - 1n;
    const high = most < to ? most : to;
    alternatives.push(between(String(low), String(high)));
    low = high + 1n;
  }
  return alternatives;
}

/** Numbers of as many digits each, from one to the other. */
function between(low: string, high: string): string {
  const [lowest, highest] = [low[0]!, high[0]!];
  const [lowRest, highRest] = [low.slice(1), high.slice(1)];
  if (lowRest === "") return lowest === highest ? `"${lowest}"` : `[${lowest}-${highest}]`;
  const rest = `[0-9]{${lowRest.length}}`;
  if (lowest === highest) return `"${lowest}" ${group(between(lowRest, highRest))}`;
  const alternatives: string[] = [];
  let [first, last] = [Number(lowest), Number(highest)];
  if (/[^0]/.test(lowRest)) {
    alternatives.push(`"${lowest}" ${group(between(lowRest, "9".repeat(lowRest.length)))}`);
    first += 1;
  }
  const wholeLast = !/[^9]/.test(highRest);
  if (!wholeLast) last -= 1;
  if (first <= last) alternatives.push(`${first === last ? `"${first}"` : `[${first}-${last}]`} ${rest}`);
  if (!wholeLast) alternatives.push(`"${highest}" ${group(between("0".repeat(highRest.length), highRest))}`);
  return alternatives.join(" | ");
}

function group(expression: string): string {
  return expression.includes(" | ") ? `(${expression})` : expression;
}
