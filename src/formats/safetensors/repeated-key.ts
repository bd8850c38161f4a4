import { skipString } from "../../json-string.js";

/**
 * A key that stands more than once in the outermost object of a JSON text, or undefined.
 * `JSON.parse` would silently keep the last one.
 *
 * @param text valid JSON
 */
export function repeatedKey(text: string): string | undefined {
  const seen = new Set<string>();
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") depth -= 1;
    if (character !== '"') continue;
    const end = skipString(text, at);
    if (depth === 1 && isFollowedByColon(text, end)) {
      const key = JSON.parse(text.slice(at, end)) as string;
      if (seen.has(key)) return key;
      seen.add(key);
    }
    at = end - 1;
  }
  return undefined;
}

function isFollowedByColon(text: string, at: number): boolean {
  let next = at;
  while (/\s/.test(text.charAt(next))) next += 1;
  return text[next] === ":";
}
