import { PRIVATE_PLACEHOLDERS } from "../../private-placeholders.js";

/** What masked private data is written as: brackets that are no sticker code. */
const MASKED = Object.values(PRIVATE_PLACEHOLDERS)
  .flatMap(({ zh, en }) => [zh, en])
  .map((word) => word.slice(1))
  .join("|")
  .replaceAll("]", String.raw`\]`);

/** A pictograph, a flag, or a sticker code such as `[捂脸]` or `[Facepalm]`; not a placeholder such as `[Name]`. */
const EMOJI = new RegExp(
  String.raw`(?![©®™‼⁉〰〽㊗㊙]|[\u2190-\u21FF])\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|\[(?!${MASKED})(?:\p{Script=Han}{1,6}|(?!(?:name|date|time|city|place|location|company|link|url)\])[A-Za-z]{2,14})\]`,
  "iu",
);

/** Whether a bubble holds an emoji or a sticker code. */
export function hasEmoji(bubble: string): boolean {
  return EMOJI.test(bubble);
}

const DECORATION = new RegExp(
  String.raw`(?:\s|\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\uFE0F\u200D]|\[(?!${MASKED})[\p{Script=Han}A-Za-z]{1,14}\]|["'”’)）」』])+$`,
  "u",
);

/** A bubble without the emoji, sticker codes, quotes and brackets that follow its last word or mark. */
export function withoutTrailingEmoji(bubble: string): string {
  return bubble.replace(DECORATION, "");
}
