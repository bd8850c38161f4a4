/** Whether a bubble is written without capitals; null where it has no letter that could be one. */
export function isLowerCase(bubble: string): boolean | null {
  if (!/[\p{Lu}\p{Ll}]/u.test(bubble)) return null;
  return !/\p{Lu}/u.test(bubble);
}
