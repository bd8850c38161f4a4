const SYLLABIC = "[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}]";
const UNIT = new RegExp(`${SYLLABIC}|(?:(?!${SYLLABIC})[\\p{L}\\p{M}\\p{N}])+(?:['’]\\p{L}+)*`, "gu");

/** The units that variety and loops are counted in: words in lower case, and single characters of Chinese and Japanese. */
export function units(text: string): string[] {
  return text.toLowerCase().match(UNIT) ?? [];
}
