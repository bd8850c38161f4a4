/** Bytes in GiB, to a tenth, as people are told. */
export function gib(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}
