/** A name that a file declares, in a form that fits on one line of an error: ASCII, at most 80 characters. */
export function printable(name: string): string {
  return name.slice(0, 80).replaceAll(/[^\x20-\x7e]/g, "?");
}
