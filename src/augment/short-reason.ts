/** A word for each reason why a dialogue stays as it was, where the reason itself is a sentence for the model. */
const WORDS: readonly [RegExp, string][] = [
  [/^no answer: (\w+)$/, "$1"],
  [/budget/, "budget"],
  [/cut off/, "cut off"],
  [/far too long|characters \(at most/, "too long"],
  [/JSON|its list|^item \d+ has/, "no list"],
  [/the messages of the fragment/, "words changed"],
  [/item is not|take turns/, "roles"],
  [/(?:was|were) added$/, "length"],
  [/greeting/, "greeting"],
  [/a number or an address/, "made-up number"],
  [/language/, "language"],
  [/instructions/, "instructions"],
];

/** Counts by reason as a few words for a progress line, such as `3 kept (2 roles, 1 greeting)`; empty for none. */
export function shortReasons(kept: Readonly<Record<string, number>>): string {
  const counts = new Map<string, number>();
  for (const [why, many] of Object.entries(kept)) {
    const word = shortReason(why);
    counts.set(word, (counts.get(word) ?? 0) + many);
  }
  const total = [...counts.values()].reduce((sum, many) => sum + many, 0);
  if (total === 0) return "";
  const byReason = [...counts].sort(([, a], [, b]) => b - a).map(([word, many]) => `${many} ${word}`);
  return `${total} kept (${byReason.join(", ")})`;
}

/** The word for one reason. */
export function shortReason(why: string): string {
  const [pattern, word] = WORDS.find(([each]) => each.test(why)) ?? [/^.*$/, "other"];
  return word.startsWith("$") ? why.replace(pattern, word) : word;
}
