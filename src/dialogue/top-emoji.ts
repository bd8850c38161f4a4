/** Emoji with their joined and modified forms, flags, and the bracketed ones of WeChat and QQ such as [捂脸]. */
const EMOJI =
  /(?![©®™‼⁉〰〽㊗㊙]|[\u2190-\u21FF])\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F)?(?:\u200D\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F)?)*|\p{Regional_Indicator}{2}|\[\p{Script=Han}{1,6}\]|\[[A-Z][A-Za-z]{1,13}\]/gu;

/** Counts emoji in one text after the other. */
export class EmojiCounter {
  #counts = new Map<string, number>();

  add(text: string): void {
    for (const emoji of text.match(EMOJI) ?? []) this.#counts.set(emoji, (this.#counts.get(emoji) ?? 0) + 1);
  }

  /** The most frequent ones, most first. */
  top(most: number): { emoji: string; count: number }[] {
    return [...this.#counts]
      .map(([emoji, count]) => ({ emoji, count }))
      .sort((a, b) => b.count - a.count || (a.emoji < b.emoji ? -1 : 1))
      .slice(0, most);
  }
}
