/**
 * Stretches or shrinks each row of a matrix to a length, in place; a negative length turns it round.
 *
 * @param weights row-major; as many rows as there are lengths
 * @returns false where a row is all zeros, which has no direction
 * @source DoRA, arXiv 2402.09353, equation 5; PEFT 0.18.1, `DoraLinearVariant.merge_safe`
 */
export function setRowLengths(weights: Float32Array, lengths: Float32Array): boolean {
  const columns = weights.length / lengths.length;
  for (const [row, length] of lengths.entries()) {
    const values = weights.subarray(row * columns, (row + 1) * columns);
    let squares = 0;
    for (const value of values) squares += value * value;
    if (squares === 0) return false;
    const factor = length / Math.sqrt(squares);
    for (let at = 0; at < columns; at += 1) values[at]! *= factor;
  }
  return true;
}
