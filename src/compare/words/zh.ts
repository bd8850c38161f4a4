import type { Direction, Words } from "./words.js";

const LEVEL: Record<Exclude<Direction, "unclear">, string> = { less: "低", more: "高" };
const MOVE: Record<Exclude<Direction, "unclear">, string> = { less: "下降", more: "上升" };

/** The report in Chinese. */
export const zh: Words = {
  language: "zh-Hans",
  title: "它说话像你吗？",
  systems: {
    base: "原版模型",
    baseQ4: "原版模型（4 位）",
    f16: "你的模型",
    q4: "你的模型（4 位）",
    real: "你本人",
  },
  shortSystems: { base: "原版", baseQ4: "原版 Q4", f16: "你的模型", q4: "你的 Q4", real: "你本人" },
  habits: {
    emoji: "带表情",
    laughter: "用文字笑（哈哈、hhh）",
    particle: "以语气词结尾（吧、呢、啊）",
    lowerCase: "完全不用大写",
    fullStop: "以句号结尾",
    exclamation: "以感叹号结尾",
    question: "以问号结尾",
  },
  breakages: {
    empty: "空回复",
    leak: "漏出模板或角色标记",
    wrongScript: "文字不对",
    repeatedTrigram: "同样三个字出现三次",
    longRepeat: "自我重复",
    assistantPhrase: "一股客服腔",
    tokenLimit: "说个没完",
  },
  sections: {
    glance: "一眼看懂",
    samples: "对照着看",
    length: "回复长度",
    surprise: "看到你真实回复时的意外程度",
    habits: "聊天习惯",
    variety: "气泡与丰富程度",
    broken: "坏掉的回复",
    method: "怎么测的",
  },
  about: {
    samples: (count) => `从没参与训练的聊天里随机抽出 ${count} 个时刻，没有挑选。红框里是你当时真正发的。`,
    length: "回复有多长。刻度每向右一格，长度翻一倍；竖线是排在正中间的那条回复。",
    surprise:
      "让每个模型读你真实的回复，看它觉得每个字有多出乎意料。越低越好：越像你的模型，越不会被你吓到。",
    habits: "有多少气泡带着这个习惯。圆点离你的圆圈越近越好。",
    variety: "一次回复拆成几个气泡，以及会不会翻来覆去说同样的话。",
    broken: "正常人不会发出去的回复，按明确的规则计数。一条回复可能同时坏在好几处。",
  },
  readings: {
    setting: ({ n, contacts, dialogues }) =>
      `取自没参与训练的 ${dialogues} 段聊天、${contacts} 位联系人，共 ${n} 个时刻。每个模型面对同样的上文，用同样的随机种子。`,
    tooFew: (n) => `只有 ${n} 条回复：看方向，别太在意具体数字。100 条以上才算可靠。`,
    length: ({ you, stock, tuned }) => `你平时发 ${you} 个字；原版模型 ${stock} 个；你的模型 ${tuned} 个。`,
    lengthGap: (share) => `把所有长度放在一起看，微调走完了从原版模型到你的 ${share}。`,
    lengthQ4: (chars) => `压成 4 位之后，你的模型发 ${chars} 个字。`,
    cut: (share, maxTokens) =>
      `原版模型有 ${share} 的回复在 ${maxTokens} 个 token 处被截断，实际上它还会说得更长。`,
    tuning: (change, direction, interval) =>
      direction === "unclear"
        ? `微调：面对你的真实回复，你的模型和原版模型的意外程度差不多（${change}；${interval}）。`
        : `微调：面对你的真实回复，你的模型的意外程度比原版模型${LEVEL[direction]} ${change}（${interval}）。`,
    rounding: (change, direction, interval) =>
      direction === "unclear"
        ? `量化：把你的模型压成 4 位，看不出超出偶然的差别（${change}；${interval}）。`
        : `量化：再把你的模型压成 4 位，意外程度${MOVE[direction]} ${change}（${interval}）。`,
    habit: (habit, { you, stock, tuned }) => `${habit}：你 ${you}，原版模型 ${stock}，你的模型 ${tuned}。`,
    lines: ({ you, stock, tuned }) =>
      `你平均一次回 ${you} 个气泡；原版模型 ${stock} 个；你的模型 ${tuned} 个。`,
    topReply: ({ you, stock, tuned }) =>
      `最常说的那一句，占你回复的 ${you}，占原版模型的 ${stock}，占你的模型的 ${tuned}。`,
    distinct2: ({ you, stock, tuned }) =>
      `相邻两个字词的搭配里不重复的，你占 ${you}，原版模型 ${stock}，你的模型 ${tuned}。`,
    broken: ({ tuned, count, of, atMost, stock }) =>
      `你的模型 ${of} 条回复里坏了 ${count} 条（${tuned}，真实比例不超过 ${atMost}）；原版模型坏了 ${stock}。`,
    noneBroken: "谁都没有发出坏掉的回复。",
  },
  between: (low, high) => `95% 区间 ${low} 到 ${high}`,
  noInterval: "聊天太少，算不出区间",
  glance: {
    length: "平时一条多少字",
    tuning: "微调带来的意外变化",
    rounding: "4 位量化带来的意外变化",
    broken: "坏掉的回复",
  },
  axes: {
    characters: "一条回复的字数",
    surprise: "每个字的意外程度（nat），越低越好",
    share: "占气泡的比例",
    change: "意外程度的变化",
  },
  effects: { tuning: "微调", rounding: "量化", baseRounding: "量化（原版）" },
  rows: {
    medianReplyChars: "回复长度中位数（字）",
    quartileReplyChars: "中间一半的长度",
    nllPerChar: "意外程度（nat/字）",
    linesPerReply: "每次回复的气泡数",
    topReply: "最常说的一句",
    distinct2: "不重复的搭配",
    broken: "坏掉的回复",
    lengthRatio: "长度是你的几倍",
    lengthDistance: "与你的长度差（翻倍数）",
  },
  method: {
    prompts: ({ n, available, dialogues, contacts }) =>
      `在没参与训练的聊天里，从 ${available} 条真实回复中选出 ${n} 条（${dialogues} 段聊天，${contacts} 位联系人），由种子决定，均匀分布在联系人和聊天之间。`,
    draws: ({ temperature, topP, repeatPenalty, maxTokens, contextTurns, seed }) =>
      `每个模型最多看到前 ${contextTurns} 轮，各写一条回复：temperature ${temperature}，top-p ${topP}，重复惩罚 ${repeatPenalty}，最多 ${maxTokens} 个 token，种子 ${seed}。`,
    intervals: "区间都是 95%：比例用 Wilson 方法；其余把整段聊天重抽 2,000 次得到，比较的两边用同样的重抽。",
    surprise: "意外程度：在给定上文时，你的真实回复（含结束标记）的负对数概率，除以字数。",
    template: (id) => `对话模板：${id}。`,
    promptsHash: (hash) => `提示的 SHA-256：${hash}`,
    columns: { system: "系统", file: "文件", size: "大小", hash: "SHA-256" },
    allFigures: "全部数字",
    seeds: "每一次抽样的种子都在 compare.json 里。",
  },
  replyOf: "回复",
  cutMark: (maxTokens) => `在 ${maxTokens} 个 token 处截断`,
  emptyReply: "（什么也没说）",
  footer: "在这台机器上生成。本页含私人聊天，不会从任何地方加载任何东西。",
};
