const CHINESE = /^\s*你(?:是|叫)\s*["'“「]?([^，,。.；;：:！!\n"'”」]{1,40})/;
const ENGLISH = /^\s*you are (?:called |named )?["'“]?([^.,;:!\n"”(]{1,60})/i;

/** What follows a name without a stop: `You are Remy texting your sister`. */
const NEXT_CLAUSE =
  /\s+(?:who|and|the|an?|from|in|on|texting|chatting|talking|writing|replying|answering)\s.*$/i;

/** Descriptions: `you are a helpful assistant`, `你是一个助手`, `你是阿泽的朋友`. */
const NOT_A_NAME =
  /^(?:an?|the|my|your|his|her|their|not|now|one|texting|chatting|talking)\b|^一?[个位名]|的/i;

/**
 * The name that a system prompt gives the one who answers, as in `你是阿泽，…` and `You are Remy. …`.
 *
 * @returns null if it names nobody
 */
export function nameInSystemPrompt(prompt: string): string | null {
  const found = CHINESE.exec(prompt) ?? ENGLISH.exec(prompt);
  const name = found?.[1]?.replace(NEXT_CLAUSE, "").trim() ?? "";
  if (name === "" || NOT_A_NAME.test(name) || name.split(/\s+/).length > 4) return null;
  return name;
}
