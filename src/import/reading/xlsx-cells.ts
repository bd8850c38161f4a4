/** How a cell's text is to be understood: its `t`, and whether its style is one of a date. */
export type CellType = { type: string; date: boolean };

/** Formats that need no code of their own and show a date or time (ECMA-376 part 1, 18.8.30). */
const DATE_FORMATS = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
] as const;

/** Whether a number format shows a date or time, by its id and, for one of the workbook's own, its code. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return DATE_FORMATS.some(([first, last]) => id >= first && id <= last);
  const bare = code.replace(/"[^"]*"|\\.|_.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, "");
  return /[dmyhs]/i.test(bare) && !/^general$/i.test(bare);
}

const DAY_SECONDS = 86_400;
/** Seconds from the day 0 of a workbook to 1970; Excel for Mac used to count from 1904. */
const EPOCH_1900 = 25_569 * DAY_SECONDS;
const EPOCH_1904 = 24_107 * DAY_SECONDS;
/** Day number of the end of year 9999. */
const LAST_DAY = 2_958_466;

/**
 * A cell's content as text: dates as `2024-05-01 16:00:00`, times alone as `16:00:00`, whole numbers without
 * exponent, truth values as TRUE and FALSE.
 *
 * @param value what stands in `v`, or for an inline or shared text the text itself
 */
export function cellText(value: string, { type, date }: CellType, from1904: boolean): string {
  if (type === "b") return value === "1" ? "TRUE" : value === "0" ? "FALSE" : value;
  if (type !== "n" || value === "") return unescape(value);
  const number = Number(value);
  if (date && number >= 0 && number < LAST_DAY) return dateText(number, from1904);
  return /e/i.test(value) && Number.isSafeInteger(number) ? String(number) : value;
}

function dateText(days: number, from1904: boolean): string {
  const seconds = Math.round(days * DAY_SECONDS) - (from1904 ? EPOCH_1904 : EPOCH_1900);
  const text = new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ");
  return days < 1 ? text.slice(11) : text;
}

/** Characters that XML cannot hold are written `_x000D_` (ECMA-376 part 1, 22.9.2.19). */
function unescape(text: string): string {
  if (!text.includes("_x")) return text;
  return text.replace(/_x([0-9A-F]{4})_/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** The column, from 0, of a reference such as `AB12`; undefined if it is none. */
export function columnOf(reference: string): number | undefined {
  let column = 0;
  let at = 0;
  for (; at < reference.length && at < 4; at += 1) {
    const letter = reference.charCodeAt(at) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  return at === 0 ? undefined : column - 1;
}
