const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
const FULL_WIDTH = /[\uFF10-\uFF19\uFF21-\uFF3A\uFF41-\uFF5A]/;

/**
 * A stand-in in the spelling of what it stands for: its letters and digits, between the separators that are there, and
 * full-width where it was. Where there are more or fewer of them, it stays as it is.
 */
export function pour(found: string, standIn: string): string {
  const signs = [...standIn].filter((sign) => LETTER_OR_DIGIT.test(sign));
  const slots = [...found];
  if (slots.filter((sign) => LETTER_OR_DIGIT.test(sign)).length !== signs.length) return standIn;
  let next = 0;
  return slots
    .map((slot) => {
      if (!LETTER_OR_DIGIT.test(slot)) return slot;
      const sign = signs[next++]!;
      return FULL_WIDTH.test(slot) ? toFullWidth(sign) : sign;
    })
    .join("");
}

function toFullWidth(sign: string): string {
  const code = sign.charCodeAt(0);
  return code > 0x20 && code < 0x7f ? String.fromCharCode(code + 0xfee0) : sign;
}
