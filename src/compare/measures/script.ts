const SCRIPTS = [
  "Latin",
  "Han",
  "Hiragana",
  "Katakana",
  "Hangul",
  "Cyrillic",
  "Greek",
  "Arabic",
  "Hebrew",
  "Thai",
  "Devanagari",
] as const;
export type Script = (typeof SCRIPTS)[number];

const PATTERNS = SCRIPTS.map((script) => [script, new RegExp(`\\p{Script=${script}}`, "gu")] as const);

/** How many letters of each script a text has; scripts without a letter are left out. */
export function countScripts(text: string): Map<Script, number> {
  const counts = new Map<Script, number>();
  for (const [script, pattern] of PATTERNS) {
    const count = text.match(pattern)?.length ?? 0;
    if (count > 0) counts.set(script, count);
  }
  return counts;
}

/** The scripts that a text uses for at least `share` of its letters. */
export function scriptsOf(text: string, share: number): Set<Script> {
  const counts = countScripts(text);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return new Set([...counts].filter(([, count]) => count >= share * total).map(([script]) => script));
}

/** Scripts whose letters stand for more than a sound: three letters of another script make about one. */
const SYLLABIC: ReadonlySet<Script> = new Set(["Han", "Hiragana", "Katakana", "Hangul"]);
/** Four Chinese characters or two or three words: a borrowed word or a name is no change of script. */
const FEWEST_LETTERS = 12;

/** Whether most of a reply is in scripts that are not `usual`; never for a reply of a word or two. */
export function isWrongScript(reply: string, usual: ReadonlySet<Script>): boolean {
  let known = 0;
  let foreign = 0;
  for (const [script, count] of countScripts(reply)) {
    const letters = SYLLABIC.has(script) ? 3 * count : count;
    if (usual.has(script)) known += letters;
    else foreign += letters;
  }
  return known + foreign >= FEWEST_LETTERS && foreign > known;
}
