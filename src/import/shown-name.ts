/** Control characters, line ends, and marks that turn the direction of what follows. */
const HIDDEN = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A name from a disk or a zip, as a label that a terminal shows as it is. */
export function shownName(name: string): string {
  return name.replace(HIDDEN, "\uFFFD");
}
