/** Where a value is within a document: keys and indices from the outermost on. */
export type JsonPath = (string | number)[];

/** Those patterns that lead into a place of a document. */
export class PathPatterns {
  readonly #patterns: readonly string[][];
  readonly #depth: number;
  /** What leads into each element, where all elements are alike. */
  #ofElements: PathPatterns | null | undefined;

  private constructor(patterns: readonly string[][], depth: number) {
    this.#patterns = patterns;
    this.#depth = depth;
  }

  /**
   * @param patterns keys and indices joined by `.`, with `*` for any
   * @returns null if the document is to be given whole
   */
  static of(patterns: readonly string[]): PathPatterns | null {
    const split = patterns.map((pattern) => pattern.split("."));
    return split.length > 0 ? new PathPatterns(split, 0) : null;
  }

  /** Those that lead into what stands under a key, or null if that is to be given whole. */
  under(key: string | number): PathPatterns | null {
    if (typeof key === "string") return this.#filter(key);
    if (this.#ofElements !== undefined) return this.#ofElements;
    const alike = this.#patterns.every((pattern) => pattern[this.#depth] === "*");
    const found = this.#filter(String(key));
    if (alike) this.#ofElements = found;
    return found;
  }

  #filter(key: string): PathPatterns | null {
    const depth = this.#depth + 1;
    const deeper = this.#patterns.filter(
      (pattern) => pattern.length > depth && (pattern[this.#depth] === "*" || pattern[this.#depth] === key),
    );
    return deeper.length > 0 ? new PathPatterns(deeper, depth) : null;
  }
}
