import type { Sink } from "../files.js";

/** The stored bytes of one tensor, whole or in pieces. */
export type TensorBytes = Uint8Array | Promise<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * Appends one tensor's bytes to a file.
 *
 * @throws {TypeError} not as many bytes as its shape needs
 */
export async function writeTensor(
  sink: Sink,
  name: string,
  needed: number,
  bytes: TensorBytes,
): Promise<void> {
  let written = 0;
  if (Symbol.asyncIterator in bytes) {
    for await (const piece of bytes) {
      written += piece.byteLength;
      await sink.write(piece);
    }
  } else {
    const whole = await bytes;
    written = whole.byteLength;
    await sink.write(whole);
  }
  if (written !== needed) {
    throw new TypeError(`internal: tensor ${name} has ${written} bytes, its shape needs ${needed}`);
  }
}
