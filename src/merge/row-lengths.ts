/**
 * Stretches or shrinks each row of a matrix to a length; a negative length turns it round. Rounded to float32 once.
 *
 * @param sums row-major; as many rows as there are lengths
 * @param into where the rows go, of the same size
 * @returns false where a row is all zeros, which has no direction
 * @source DoRA, arXiv 2402.09353, equation 5; PEFT 0.18.1, `DoraLinearVariant.merge_safe`
 */
export function setRowLengths(sums: Float64Array, lengths: Float32Array, into: Float32Array): boolean {
  const columns = sums.length / lengths.length;
  for (const [row, length] of lengths.entries()) {
    const begin = row * columns;
    let squares = 0;
    for (let at = begin; at < begin + columns; at += 1) squares += sums[at]! * sums[at]!;
    if (squares === 0) return false;
    const factor = length / Math.sqrt(squares);
    for (let at = begin; at < begin + columns; at += 1) into[at] = sums[at]! * factor;
  }
  return true;
}
