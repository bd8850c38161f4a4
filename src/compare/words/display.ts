const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" });
const DOUBLE =
  /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|\p{Regional_Indicator}|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303F\uFF01-\uFF60\uFFE0-\uFFE6])/u;
/** Everything that could move the cursor, recolour the terminal or turn the line around; joiners of emoji stay. */
const CONTROL = /(?![\u200C\u200D])[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** A text without control characters, safe to print in a terminal. */
export function printable(text: string): string {
  return text.replace(CONTROL, "");
}

/**
 * How many columns a text takes in a terminal: 2 for each Chinese character and emoji.
 *
 * @source Unicode Standard Annex 11, East Asian Width, classes W and F
 */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += DOUBLE.test(segment) ? 2 : 1;
  return width;
}

/** A text filled up with blanks to a width in columns, on the right or on the left. */
export function pad(text: string, width: number, side: "left" | "right"): string {
  const blanks = " ".repeat(Math.max(0, width - displayWidth(text)));
  return side === "left" ? blanks + text : text + blanks;
}

/** A text in lines of at most `width` columns, broken at blanks where there are any. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/(?<= )|(?=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])/u)) {
    if (line !== "" && displayWidth(line + word.trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = "";
    }
    for (const { segment } of graphemes.segment(word)) {
      if (displayWidth(line + segment.trimEnd()) > width) {
        lines.push(line.trimEnd());
        line = "";
      }
      line += segment;
    }
  }
  return [...lines, line.trimEnd()];
}
