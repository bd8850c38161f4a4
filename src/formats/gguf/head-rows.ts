/**
 * Reorders the rows of every head from Hugging Face's order (all of the first half, then all of the second) to
 * llama.cpp's for the llama architecture (first of one half, first of the other, second of one half …), because the two
 * rotate different pairs of rows.
 *
 * @param bytes whole heads; any element type
 * @param headSize rows of one head
 * @param rowBytes bytes of one row
 * @source llama.cpp converter, `LlamaModel.permute`
 */
export function interleaveHeadRows(bytes: Uint8Array, headSize: number, rowBytes: number): Uint8Array {
  return moveRows(bytes, rowBytes, (row) => {
    const within = row % headSize;
    return row - within + (within >> 1) + (within & 1) * (headSize / 2);
  });
}

/** The inverse of `interleaveHeadRows`. */
export function separateHeadRows(bytes: Uint8Array, headSize: number, rowBytes: number): Uint8Array {
  const half = headSize / 2;
  return moveRows(bytes, rowBytes, (row) => {
    const within = row % headSize;
    return row - within + (within < half ? 2 * within : 2 * (within - half) + 1);
  });
}

function moveRows(bytes: Uint8Array, rowBytes: number, from: (row: number) => number): Uint8Array {
  const moved = new Uint8Array(bytes.byteLength);
  for (let row = 0; row * rowBytes < bytes.byteLength; row += 1) {
    const begin = from(row) * rowBytes;
    moved.set(bytes.subarray(begin, begin + rowBytes), row * rowBytes);
  }
  return moved;
}
