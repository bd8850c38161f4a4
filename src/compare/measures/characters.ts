const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" });

/** How many characters a person sees in a text: an emoji of several code points is one, a line break is one. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of graphemes.segment(text)) count += 1;
  return count;
}
