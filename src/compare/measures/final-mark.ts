import { withoutTrailingEmoji } from "./emoji.js";

/** How a bubble ends, emoji aside; `...` and `…` are no full stop. */
export function finalMark(bubble: string): "fullStop" | "exclamation" | "question" | "other" {
  const text = withoutTrailingEmoji(bubble);
  if (/[?？][!！?？]*$/u.test(text)) return "question";
  if (/[!！]$/u.test(text)) return "exclamation";
  if (/(?<![.。．])[.。．]$/u.test(text)) return "fullStop";
  return "other";
}
