import type { Words } from "./words.js";

/** The report in English. */
export const en: Words = {
  language: "en",
  title: "How much does it text like you?",
  systems: {
    base: "stock model",
    baseQ4: "stock model, 4-bit",
    f16: "your model",
    q4: "your model, 4-bit",
    real: "you",
  },
  shortSystems: { base: "stock", baseQ4: "stock Q4", f16: "yours", q4: "yours Q4", real: "you" },
  habits: {
    emoji: "Emoji and stickers",
    laughter: "Laughing in letters",
    particle: "Ending in a particle",
    lowerCase: "No capitals at all",
    fullStop: "Ending in a full stop",
    exclamation: "Ending in !",
    question: "Ending in ?",
  },
  breakages: {
    empty: "empty",
    leak: "template or role marks",
    wrongScript: "wrong script",
    repeatedTrigram: "same three words 3 times",
    longRepeat: "repeats itself",
    assistantPhrase: "talks like an assistant",
    tokenLimit: "no end in sight",
  },
  sections: {
    glance: "At a glance",
    samples: "Side by side",
    length: "Reply length",
    surprise: "Surprise at your real replies",
    habits: "Texting habits",
    variety: "Bubbles and variety",
    broken: "Broken replies",
    method: "How this was measured",
  },
  about: {
    samples: (count) =>
      `${count} moments from chats that no model was trained on, drawn by lot, not picked. What you really wrote is framed in red.`,
    length:
      "How long the replies are. Each step of the scale to the right doubles the length; the line marks the middle reply.",
    surprise:
      "Each model reads your real replies and says how unlikely it found every character. Lower is better: a model that texts like you is seldom surprised by you.",
    habits: "How many of the bubbles have each habit. The closer a dot is to your ring, the better.",
    variety: "How a reply is split into bubbles, and whether the model keeps saying the same things.",
    broken:
      "Replies that no person would send, counted by plain rules. A reply may be broken in several ways.",
  },
  readings: {
    setting: ({ n, contacts, dialogues }) =>
      `${n} moments from ${dialogues} ${dialogues === 1 ? "chat" : "chats"} with ${contacts} ${contacts === 1 ? "contact" : "contacts"} that were kept out of training. Every model saw the same moments and drew with the same seeds.`,
    tooFew: (n) =>
      `Only ${n} replies: look at the direction, not at the figures. 100 or more give a firm answer.`,
    length: ({ you, stock, tuned }) =>
      `You usually send ${you} characters; the stock model ${stock}; your model ${tuned}.`,
    lengthGap: (share) =>
      `All lengths taken together, tuning went ${share} of the way from the stock model to you.`,
    lengthQ4: (chars) => `Rounded to 4 bits, your model sends ${chars}.`,
    cut: (share, maxTokens) =>
      `${share} of the stock model's replies were cut at ${maxTokens} tokens, so it would really go on for longer.`,
    tuning: (change, direction, interval) =>
      direction === "unclear"
        ? `Tuning: your real replies surprise your model about as much as the stock model (${change}; ${interval}).`
        : `Tuning: your real replies surprise your model ${change} ${direction} than the stock model (${interval}).`,
    rounding: (change, direction, interval) =>
      direction === "unclear"
        ? `Rounding your model to 4 bits makes no difference that can be told from chance (${change}; ${interval}).`
        : `Rounding your model to 4 bits then makes it ${change} ${direction} surprised (${interval}).`,
    habit: (habit, { you, stock, tuned }) =>
      `${habit}: you ${you}, the stock model ${stock}, your model ${tuned}.`,
    lines: ({ you, stock, tuned }) =>
      `A reply of yours is ${you} bubbles on average; the stock model's ${stock}; your model's ${tuned}.`,
    topReply: ({ you, stock, tuned }) =>
      `The most common reply makes up ${you} of yours, ${stock} of the stock model's and ${tuned} of your model's.`,
    distinct2: ({ you, stock, tuned }) =>
      `Of all pairs of neighbouring words, ${you} of yours are different, ${stock} of the stock model's and ${tuned} of your model's.`,
    broken: ({ tuned, count, of, atMost, stock }) =>
      `${count} of your model's ${of} replies are broken (${tuned}; the true share is at most ${atMost}); of the stock model's, ${stock}.`,
    noneBroken: "Nobody sent a broken reply.",
  },
  between: (low, high) => `95% interval ${low} to ${high}`,
  noInterval: "too few chats for an interval",
  glance: {
    length: "usual reply length",
    tuning: "surprised by you, after tuning",
    rounding: "surprised by you, after rounding that to 4 bits",
    broken: "broken replies",
  },
  axes: {
    characters: "characters in a reply",
    surprise: "surprise per character (nats), lower is better",
    share: "share of bubbles",
    change: "change of surprise",
  },
  effects: { tuning: "tuning", rounding: "rounding", baseRounding: "rounding (stock)" },
  rows: {
    medianReplyChars: "Reply length, median (characters)",
    quartileReplyChars: "Reply length, middle half",
    nllPerChar: "Surprise (nats per character)",
    linesPerReply: "Bubbles per reply",
    topReply: "Most common reply",
    distinct2: "Different word pairs",
    broken: "Broken replies",
    lengthRatio: "Length as a multiple of yours",
    lengthDistance: "Distance from your lengths (doublings)",
  },
  method: {
    prompts: ({ n, available, dialogues, contacts }) =>
      `${n} of ${available} real replies in chats held out from training (${dialogues} chats, ${contacts} contacts), chosen by the seed and spread evenly over contacts and chats.`,
    draws: ({ temperature, topP, repeatPenalty, maxTokens, contextTurns, seed }) =>
      `Each model saw up to ${contextTurns} turns and wrote one reply: temperature ${temperature}, top-p ${topP}, repeat penalty ${repeatPenalty}, at most ${maxTokens} tokens, seed ${seed}.`,
    intervals:
      "Intervals are 95%: shares by Wilson's method; everything else from 2,000 resamples of whole chats, with the same resamples on both sides of a comparison.",
    surprise:
      "Surprise is the negative log probability of your real reply and its end mark, given the chat before it, divided by its characters.",
    template: (id) => `Chat template: ${id}.`,
    promptsHash: (hash) => `SHA-256 of the prompts: ${hash}`,
    columns: { system: "System", file: "File", size: "Size", hash: "SHA-256" },
    allFigures: "All figures",
    seeds: "The seed of every single draw is in compare.json.",
  },
  replyOf: "replies",
  cutMark: (maxTokens) => `cut at ${maxTokens} tokens`,
  emptyReply: "(says nothing)",
  footer: "Made on this machine. This page holds private chats and loads nothing from anywhere.",
};
