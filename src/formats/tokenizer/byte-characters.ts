/**
 * The printable character that byte-level vocabularies write for each byte; index is the byte.
 *
 * @source GPT-2 encoder.py, bytes_to_unicode
 */
export const BYTE_CHARACTERS: readonly string[] = byteCharacters();

function byteCharacters(): string[] {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte !== 173);
    return String.fromCodePoint(printable ? byte : next++);
  });
}

const BYTES = new Map(BYTE_CHARACTERS.map((character, byte) => [character, byte]));

/** The bytes that a vocabulary entry stands for, or undefined if it is not in byte-level spelling. */
export function bytesOfEntry(entry: string): Uint8Array | undefined {
  const bytes: number[] = [];
  for (const character of entry) {
    const byte = BYTES.get(character);
    if (byte === undefined) return undefined;
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}
