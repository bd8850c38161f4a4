import type { Habit, SystemKey } from "../comparison.js";
import type { Breakage } from "../measures/broken.js";
import { en } from "./en.js";
import { zh } from "./zh.js";

/** Three figures that a sentence compares; already written out. */
export type Three = { you: string; stock: string; tuned: string };

/** Every word that a report uses, in one language. */
export type Words = {
  /** BCP 47. */
  language: string;
  title: string;
  systems: Record<SystemKey, string>;
  /** As `systems`, for narrow places. */
  shortSystems: Record<SystemKey, string>;
  habits: Record<Habit, string>;
  breakages: Record<Breakage, string>;
  sections: {
    glance: string;
    samples: string;
    length: string;
    surprise: string;
    habits: string;
    variety: string;
    broken: string;
    method: string;
  };
  /** What a section shows, for a reader who knows nothing of models. */
  about: {
    samples: (count: number) => string;
    length: string;
    surprise: string;
    habits: string;
    variety: string;
    broken: string;
  };
  /** One sentence a measure. */
  readings: {
    setting: (facts: { n: number; contacts: number; dialogues: number }) => string;
    tooFew: (n: number) => string;
    length: (three: Three) => string;
    lengthGap: (share: string) => string;
    lengthQ4: (chars: string) => string;
    cut: (share: string, maxTokens: number) => string;
    tuning: (change: string, direction: Direction, interval: string) => string;
    rounding: (change: string, direction: Direction, interval: string) => string;
    habit: (habit: string, three: Three) => string;
    lines: (three: Three) => string;
    topReply: (three: Three) => string;
    distinct2: (three: Three) => string;
    broken: (figures: { tuned: string; count: number; of: number; atMost: string; stock: string }) => string;
    noneBroken: string;
  };
  /** An interval, such as `19% to 33%`. */
  between: (low: string, high: string) => string;
  noInterval: string;
  glance: { length: string; tuning: string; rounding: string; broken: string };
  axes: { characters: string; surprise: string; share: string; change: string };
  effects: { tuning: string; rounding: string; baseRounding: string };
  rows: {
    medianReplyChars: string;
    quartileReplyChars: string;
    nllPerChar: string;
    linesPerReply: string;
    topReply: string;
    distinct2: string;
    broken: string;
    lengthRatio: string;
    lengthDistance: string;
  };
  method: {
    prompts: (facts: { n: number; available: number; dialogues: number; contacts: number }) => string;
    draws: (facts: {
      temperature: number;
      topP: number;
      repeatPenalty: number;
      maxTokens: number;
      contextTurns: number;
      seed: number;
    }) => string;
    intervals: string;
    surprise: string;
    template: (id: string) => string;
    promptsHash: (hash: string) => string;
    columns: { system: string; file: string; size: string; hash: string };
    allFigures: string;
    seeds: string;
  };
  replyOf: string;
  cutMark: (maxTokens: number) => string;
  emptyReply: string;
  footer: string;
};

/** Whether a change of surprise is for the better, for the worse, or cannot be told from none. */
export type Direction = "less" | "more" | "unclear";

/** The report's words in a language. */
export function wordsIn(language: "en" | "zh"): Words {
  return language === "zh" ? zh : en;
}
