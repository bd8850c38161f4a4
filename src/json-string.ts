/**
 * Where a string in a JSON text ends: behind its closing quotation mark, or at the end of the text.
 *
 * Not by a regular expression: those run out of stack on a string of some megabytes.
 *
 * @param at its opening quotation mark
 */
export function skipString(text: string, at: number): number {
  for (let quote = text.indexOf('"', at + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let slash = quote - 1;
    while (slash > at && text[slash] === "\\") slash -= 1;
    // A quotation mark after an odd number of backslashes belongs to the string.
    if ((quote - 1 - slash) % 2 === 0) return quote + 1;
  }
  return text.length;
}
