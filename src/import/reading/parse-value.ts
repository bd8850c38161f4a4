import { MAX_LEVELS, parseFlatJson } from "../../files.js";
import { skipString } from "../../json-string.js";
import { ValueScanner } from "./scan-json-value.js";

/** A value, or undefined for what is not JSON. */
export type Parsed = { value: unknown } | undefined;

/** What is known of a text before it is parsed. */
export type Known = { deepest: number; hasLongNumber: boolean };

/**
 * The value of a JSON text from an exporter. Whole numbers from 2^53 on, which are ids, come out as texts with all
 * their digits. Control characters that Telegram writes as `\x1F` are read as meant.
 */
export function parseValue(text: string, { deepest, hasLongNumber }: Known): Parsed {
  if (deepest > MAX_LEVELS) return undefined;
  const exact = hasLongNumber ? quoteLongNumbers(text) : text;
  return tryParse(exact) ?? (exact.includes("\\x") ? tryParse(repairEscapes(exact)) : undefined);
}

/** The same of a line, of which nothing is known. */
export function parseLine(text: string): Parsed {
  const scanner = new ValueScanner();
  const start = text.search(/\S/);
  scanner.start(text.charCodeAt(start));
  scanner.scan(text, start);
  return parseValue(text, scanner);
}

function tryParse(text: string): Parsed {
  try {
    return { value: parseFlatJson(text, "import", "value") };
  } catch {
    return undefined;
  }
}

/** A whole number that is no part of a longer one, of a fraction or of an exponent. */
const WHOLE_NUMBER = /(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

function quoted(found: string): string {
  return Number.isSafeInteger(Number(found)) ? found : `"${found}"`;
}

function quoteLongNumbers(text: string): string {
  let exact = "";
  let at = 0;
  // String by string: one regular expression over both runs out of stack on a long string.
  while (at < text.length) {
    const quote = text.indexOf('"', at);
    const end = quote === -1 ? text.length : skipString(text, quote);
    exact += text.slice(at, quote === -1 ? end : quote).replace(WHOLE_NUMBER, quoted);
    if (quote !== -1) exact += text.slice(quote, end);
    at = end;
  }
  return exact;
}

/** `\xHH` after an even number of backslashes → `\u00HH`. */
function repairEscapes(text: string): string {
  return text.replace(/\\(?:x([0-9A-Fa-f]{2})|.)/gs, (escape, code: string | undefined) =>
    code === undefined ? escape : `\\u00${code}`,
  );
}
