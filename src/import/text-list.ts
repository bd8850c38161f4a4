/** The parts of a text between its commas, trimmed, none empty; what stands in double quotes may hold commas itself. */
export function splitList(text: string): string[] {
  const parts = [""];
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    else if (character === "," && !quoted) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/** The text that `splitList` takes apart into these; double quotes within a part are lost. */
export function joinList(parts: readonly string[]): string {
  return parts.map((part) => (part.includes(",") ? `"${part.replaceAll('"', "")}"` : part)).join(",");
}
