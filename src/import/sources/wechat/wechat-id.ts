/**
 * WeChat's id of a message (`server_id`, `MsgSvrID`: 64 bits) as digits.
 *
 * A spreadsheet keeps 15 digits of a number and a JSON reader 16 to 17, so that ids which went through one of them may
 * stand for other messages, too: an id in exponent form, a number above 2^53 and 18 or more digits with four zeros at
 * the end are taken for none. That loses one true id in 10,000.
 *
 * @returns undefined if there is none that can be relied on
 */
export function platformIdOf(value: unknown): string | undefined {
  if (typeof value === "number") {
    return Number.isSafeInteger(value) && value > 0 ? String(value) : undefined;
  }
  if (typeof value !== "string") return undefined;
  const digits = value.trim();
  if (!/^[1-9]\d{3,19}$/.test(digits)) return undefined;
  return digits.length >= 18 && digits.endsWith("0000") ? undefined : digits;
}
