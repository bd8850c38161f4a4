import { stableId } from "../stable-id.js";
import type { Dialogue } from "../dialogue/dialogue.js";
import type { Language } from "./prompt.js";

const CHINESE = `你会收到几段日常聊天，每段有一个编号 id。role 为 assistant 的是本人，请判断本人的回复是否值得用来学习这个人的说话方式，给每段打 1 到 5 分：
1 = 答非所问，或者完全看不懂；
2 = 和前面的话只有一点关系；
3 = 说得通，是普通的日常聊天；
4 = 接得上，前后连贯，自然；
5 = 接得上、连贯、自然，而且很有个人特点。
短不扣分：“好”“嗯”“哈哈”都可以是好回复。错别字、口语、改口、表情（例如 [捂脸]）也不扣分。
只输出一个 JSON 列表，每一项形如 {"id": 1, "score": 3}，每个编号一项。除此之外什么也不要输出。`;

const ENGLISH = `You are given some everyday chats, each with a number "id". "assistant" is the person themselves. Judge whether
their replies are worth learning from how this person talks, from 1 to 5 for each chat:
1 = does not answer what was said, or cannot be understood;
2 = has little to do with what was said;
3 = makes sense, ordinary small talk;
4 = follows from what was said, coherent, natural;
5 = all of that, and full of the person's own manner.
Being short costs nothing: "ok", "haha", "nope" can be good replies. Nor do typos, slang, corrections or emoji.
Answer with nothing but a JSON list of items like {"id": 1, "score": 3}, one for each chat.`;

/** How dialogues are to be judged. */
export function scoreInstructions(language: Language): string {
  return language === "zh" ? CHINESE : ENGLISH;
}

/** Stands for the instructions in what is stored with the scores. */
export const SCORE_RULES: string = stableId([CHINESE, ENGLISH]);

/** Dialogues as they are sent, numbered from 1. */
export function scoreText(dialogues: readonly Pick<Dialogue, "turns">[]): string {
  return JSON.stringify(
    dialogues.map(({ turns }, index) => ({
      id: index + 1,
      messages: turns.map(({ role, text }) => ({ role, content: text })),
    })),
  );
}

/** JSON Schema of an answer about so many dialogues. */
export function scoreSchema(count: number): object {
  const prefixItems = Array.from({ length: count }, (_, index) => ({
    type: "object",
    properties: { id: { const: index + 1 }, score: { enum: [1, 2, 3, 4, 5] } },
    required: ["id", "score"],
    additionalProperties: false,
  }));
  return { type: "array", prefixItems, minItems: count, maxItems: count };
}
