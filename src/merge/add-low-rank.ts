/**
 * Adds scale · b · a to rows of a matrix, in place. Sums are kept in float64 and rounded to the matrix's type once.
 *
 * @param weights row-major, [rows, columns]
 * @param b row-major, [rows, rank]
 * @param a row-major, [rank, columns]
 */
export function addLowRank(
  weights: Float32Array | Float64Array,
  b: Float32Array,
  a: Float32Array,
  rank: number,
  scale: number,
): void {
  const columns = a.length / rank;
  // Four ranks at a time: the sum of a row is then read and written a quarter as often. Zeros fill up the last four.
  const ranks = Math.ceil(rank / 4) * 4;
  const padded = new Float64Array(ranks * columns);
  padded.set(a);
  const factors = new Float64Array(ranks);
  const sum = new Float64Array(columns);
  for (let row = 0; row * columns < weights.length; row += 1) {
    for (let k = 0; k < rank; k += 1) factors[k] = b[row * rank + k]!;
    sum.fill(0);
    for (let k = 0; k < ranks; k += 4) {
      const [f0, f1, f2, f3] = [factors[k]!, factors[k + 1]!, factors[k + 2]!, factors[k + 3]!];
      const [at0, at1, at2, at3] = [k * columns, (k + 1) * columns, (k + 2) * columns, (k + 3) * columns];
      for (let column = 0; column < columns; column += 1) {
        sum[column]! +=
          f0 * padded[at0 + column]! +
          f1 * padded[at1 + column]! +
          f2 * padded[at2 + column]! +
          f3 * padded[at3 + column]!;
      }
    }
    const begin = row * columns;
    for (let column = 0; column < columns; column += 1) weights[begin + column]! += scale * sum[column]!;
  }
}
