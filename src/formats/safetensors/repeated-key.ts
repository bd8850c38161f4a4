/**
 * A key that stands more than once in the outermost object of a JSON text, or undefined.
 * `JSON.parse` would silently keep the last one.
 *
 * @param text valid JSON
 */
export function repeatedKey(text: string): string | undefined {
  const seen = new Set<string>();
  // One string, or one character that opens or closes something, at a time.
  const token = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g;
  let depth = 0;
  for (const [found, colon] of text.matchAll(token)) {
    if (found === "{" || found === "[") depth += 1;
    else if (found === "}" || found === "]") depth -= 1;
    else if (depth === 1 && colon !== undefined) {
      const key = JSON.parse(found.slice(0, found.length - colon.length)) as string;
      if (seen.has(key)) return key;
      seen.add(key);
    }
  }
  return undefined;
}
