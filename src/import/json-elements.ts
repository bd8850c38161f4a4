import { parseJson } from "../files.js";

/** The elements of a JSON list, as far as it is whole. */
export type Elements = {
  elements: unknown[];
  /** Where the first element that is not JSON starts, in characters; null if all is well. */
  brokenAt: number | null;
};

/**
 * The elements of a text that holds one JSON list; of a truncated or damaged one those before the damage.
 *
 * @returns undefined if the text is JSON but no list, or does not even start as one
 */
export function readElements(text: string): Elements | undefined {
  const whole = tryParse(text);
  if (whole) return Array.isArray(whole.value) ? { elements: whole.value, brokenAt: null } : undefined;
  let at = skipSpace(text, 0);
  if (text[at] !== "[") return undefined;
  const elements: unknown[] = [];
  do {
    at = skipSpace(text, at + 1);
    const end = elementEnd(text, at);
    const element = end > at ? tryParse(text.slice(at, end)) : undefined;
    if (!element) break;
    elements.push(element.value);
    at = skipSpace(text, end);
  } while (text[at] === ",");
  return { elements, brokenAt: at };
}

function tryParse(text: string): { value: unknown } | undefined {
  try {
    return { value: parseJson(text, "import", "list") };
  } catch {
    return undefined;
  }
}

function skipSpace(text: string, at: number): number {
  let index = at;
  while (/\s/.test(text.charAt(index))) index += 1;
  return index;
}

/** Where the value that starts at `at` ends: behind its closing bracket, or before the next comma. */
function elementEnd(text: string, at: number): number {
  let depth = 0;
  let quoted = false;
  for (let index = at; index < text.length; index += 1) {
    const character = text[index]!;
    if (quoted) {
      if (character === "\\") index += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") {
      if (depth === 0) return index;
      depth -= 1;
      if (depth === 0) return index + 1;
    } else if (character === "," && depth === 0) return index;
  }
  return at;
}
