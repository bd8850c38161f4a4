import { isUtf8 } from "node:buffer";

/**
 * A text whose UTF-8 bytes were written as one character each, put right: `ä½\u00a0` becomes 你.
 *
 * @returns the same text where any character is above U+00FF, or the bytes are no UTF-8: then it was right
 */
export function repairLatin1(text: string): string {
  if (!/[\x80-\xff]/.test(text) || /[^\0-\xff]/.test(text)) return text;
  const bytes = Buffer.from(text, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : text;
}
