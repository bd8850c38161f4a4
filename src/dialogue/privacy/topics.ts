import type { Topic } from "./detector.js";

const SPOKEN: readonly [Topic, RegExp][] = [
  ["password", /密码|口令|password|passcode|passwd|\bpwd\b|\bpw\b/i],
  [
    "code",
    /(?:验证|校验|动态|提取|取件|门禁|开门|门锁|锁|密)码|\b(?:door|gate|safe|alarm|entry|verification|security|login|access) ?code|\bthe code\b|\botp\b|\bpin\b/i,
  ],
  ["passport", /护照|通行证|\bpassport/i],
  ["phone", /(?:手机|电话)号?|联系方式|\b(?:phone|mobile|number|cell|tel)\b/i],
];
/** A question and its answer lie no further apart than this many messages, as a rule. */
const REACH = 6;

const NOTHING: ReadonlySet<Topic> = new Set();

/** What the last messages of a chat spoke of; told message by message in their order. */
export class Topics {
  #count = 0;
  #until = new Map<Topic, number>();

  /** What the messages before this one spoke of. */
  next(): ReadonlySet<Topic> {
    this.#count += 1;
    if (this.#until.size === 0) return NOTHING;
    for (const [topic, until] of this.#until) if (until < this.#count) this.#until.delete(topic);
    return new Set(this.#until.keys());
  }

  /** Notes what the message that `next` was called for speaks of. */
  note(text: string): void {
    for (const [topic, words] of SPOKEN) if (words.test(text)) this.#until.set(topic, this.#count + REACH);
  }
}
