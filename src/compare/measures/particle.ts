import { withoutTrailingEmoji } from "./emoji.js";

const PARTICLE = /(?:[吗呢吧啊呀嘛啦哦噢喔哟呗咯诶欸哇嘞嗷]|(?<!哈)哈)$/u;

/** Whether a Chinese bubble ends in a modal particle (吗 呢 吧 啊 …), marks, tildes and emoji aside. */
export function endsInParticle(bubble: string): boolean {
  return PARTICLE.test(withoutTrailingEmoji(bubble).replace(/[\p{P}~～\s]+$/u, ""));
}
