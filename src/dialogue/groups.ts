/** Groups of the numbers below a size that grow together: a union-find structure. */
export class Groups {
  #parents: Int32Array;

  /** @param size each number from 0 on starts in a group of its own */
  constructor(size: number) {
    this.#parents = Int32Array.from({ length: size }, (_, index) => index);
  }

  /** The number that stands for its group. */
  of(index: number): number {
    const parents = this.#parents;
    let root = index;
    while (parents[root] !== root) {
      parents[root] = parents[parents[root]!]!;
      root = parents[root]!;
    }
    return root;
  }

  join(a: number, b: number): void {
    const [first, second] = [this.of(a), this.of(b)];
    if (first !== second) this.#parents[Math.max(first, second)] = Math.min(first, second);
  }
}
