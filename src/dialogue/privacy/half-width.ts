const WIDE = /[\uFF01-\uFF5E\u3000]/;
const ALL_WIDE = new RegExp(WIDE, "g");

/**
 * A text with the full-width forms of ASCII as ASCII, and the ideographic space as a space; every sign keeps its
 * place.
 *
 * @source Unicode 16, block Halfwidth and Fullwidth Forms, U+FF01 to U+FF5E
 */
export function toHalfWidth(text: string): string {
  if (!WIDE.test(text)) return text;
  return text.replaceAll(ALL_WIDE, (sign) =>
    sign === "\u3000" ? " " : String.fromCharCode(sign.charCodeAt(0) - 0xfee0),
  );
}
