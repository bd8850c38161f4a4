import { stableId } from "../stable-id.js";
import type { Turn } from "../dialogue/dialogue.js";

/** `continue` leaves what was really said as it is; `rewrite` may edit it. */
export type Mode = "continue" | "rewrite";

/** Which language the rules are given in: the chat's own. */
export type Language = "zh" | "en";

const CHINESE = {
  common: `你会收到一段聊天记录，它来自朋友、同学、亲戚或陌生人之间的日常聊天，只是整段聊天中的一小截，前后不全。
它是一个 JSON 列表，role 为 user 的是对方，role 为 assistant 的是本人；content 里的换行把一条条消息分开。
方括号里的词（例如 [玫瑰]、[捂脸]）是微信表情，表示说话人的心情，可以照样使用。

请把它补成一段有头有尾的聊天：
1. 在前面补上话题是怎么开始的；
2. 让前后通顺、意思完整；
3. 在后面用同样的语气再聊两到三个来回；
4. 保持双方各自的口吻、用词和标点习惯，句子要短，要像真人平时发消息；
5. 不要写成文章，不要客套，不要用“嘿”或“嗨”开头；
6. 不要编造电话、地址、账号之类的个人信息。`,
  continue: `7. 原有的每一条消息必须一字不改、按原来的顺序连在一起出现在结果里，只在它们之前和之后添加新的消息。`,
  rewrite: `7. 原有的消息可以改写或删去；assistant 的消息如果太单薄，可以稍微多说一点。`,
  format: `只输出一个 JSON 列表，每一项形如 {"role": "user", "content": "…"}。role 只能是 user 和 assistant，两者轮流出现；第一项是 user，最后一项是 assistant。除了这个列表，什么也不要输出。`,
};

const ENGLISH = {
  common: `You are given a piece of an everyday chat between friends, classmates, relatives or strangers. It is only a
fragment: what came before and after is missing. It is a JSON list; "user" is the other person, "assistant" is the person
themselves; line breaks in "content" part one message from the next. Words in square brackets such as [玫瑰] are WeChat
emoji that show a mood, and may be used in the same way.

Make a whole conversation of it:
1. add in front how the subject came up;
2. let it read smoothly and be complete;
3. go on for two or three more exchanges in the same tone;
4. keep each side's own voice, words, capitals and punctuation; keep it short and everyday, as people really text;
5. no essay, no pleasantries, and never begin with "Hey" or "Hi";
6. make up no phone numbers, addresses, accounts or other personal data.`,
  continue: `7. Every message of the fragment has to be in the result, not one character changed, in its order and
without anything in between; new messages come only before and after them.`,
  rewrite: `7. Messages of the fragment may be edited or left out; a very thin "assistant" message may say a little more.`,
  format: `Answer with nothing but a JSON list of items like {"role": "user", "content": "…"}. The roles are "user" and
"assistant" in turns; the first item is "user", the last is "assistant".`,
};

/** The rules as a person may edit them in the project; what mode and form ask for is added to any of them. */
export type Rules = Record<Language, string>;

export const DEFAULT_RULES: Rules = { zh: CHINESE.common, en: ENGLISH.common };

/** The instructions for one fragment. */
export function instructions(rules: Rules, language: Language, mode: Mode): string {
  const fixed = language === "zh" ? CHINESE : ENGLISH;
  return [rules[language].trim(), fixed[mode], "", fixed.format].join("\n");
}

/** The fragment as it is sent. */
export function fragmentText(turns: readonly Pick<Turn, "role" | "text">[]): string {
  return JSON.stringify(turns.map(({ role, text }) => ({ role, content: text })));
}

/** Asks for another try: what was wrong with the answer, and nothing else. */
export function repairText(fragment: string, problem: string, language: Language): string {
  return language === "zh"
    ? `${fragment}\n\n上一次的结果不合要求：${problem}。请重新输出整个 JSON 列表。`
    : `${fragment}\n\nThe last answer does not do: ${problem}. Give the whole JSON list again.`;
}

/** Stands for the rules in what is stored with the results. */
export function rulesHash(rules: Rules, mode: Mode): string {
  return stableId([instructions(rules, "zh", mode), instructions(rules, "en", mode)]);
}

/** Chinese where at least a fifth of the letters are Han characters; emoji and digits count for neither. */
export function languageOf(texts: readonly string[]): Language {
  let [han, letters] = [0, 0];
  for (const text of texts) {
    han += text.match(/\p{Script=Han}/gu)?.length ?? 0;
    letters += text.match(/\p{L}/gu)?.length ?? 0;
  }
  return letters > 0 && han >= letters / 5 ? "zh" : "en";
}
