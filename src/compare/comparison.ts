import type { Turn } from "../dialogue/dialogue.js";
import type { Interval } from "./measures/bootstrap.js";
import type { Breakage } from "./measures/broken.js";
import type { Share } from "./measures/wilson.js";
import type { CompareSettings } from "./settings.js";

/** The models that reply: the stock model and the tuned one, each in full precision and rounded to four bits. */
export const MODEL_KEYS = ["base", "baseQ4", "f16", "q4"] as const;
export type ModelKey = (typeof MODEL_KEYS)[number];

/** Everyone who replied: the models, and the person. */
export const SYSTEM_KEYS = [...MODEL_KEYS, "real"] as const;
export type SystemKey = (typeof SYSTEM_KEYS)[number];

/** The habits counted, each as a share of bubbles; null where the language has none. */
export const HABITS = [
  "emoji",
  "laughter",
  "particle",
  "lowerCase",
  "fullStop",
  "exclamation",
  "question",
] as const;
export type Habit = (typeof HABITS)[number];

/** What was measured of one system. */
export type SystemResult = {
  /** The GGUF's file name, size and SHA-256; null for the person. */
  file: string | null;
  sizeBytes: number | null;
  hash: string | null;
  /** How many replies. */
  n: number;
  /** The seed of each reply, in the order of the prompts; empty for the person. */
  seeds: number[];
  medianReplyChars: number;
  /** First and third quartile. */
  quartileReplyChars: [number, number];
  /** Characters of every reply, in the order of the prompts. */
  replyChars: number[];
  /** Doublings between these lengths and the person's; for the person, between random halves of theirs. */
  lengthDistance: number;
  /** Surprise at the person's real replies, in nats per character; null for the person. */
  nllPerChar: number | null;
  linesPerReply: number;
  habits: Record<Habit, Share | null>;
  /** How often the most common reply occurs. */
  topReply: Share | null;
  /** Variety: different pairs of words, as a share, at a budget that is equal for all systems. */
  distinct2: number | null;
  broken: Share | null;
  /** How many replies are broken in each way; a reply may be broken in several. */
  brokenBy: Record<Breakage, number>;
  /** 95 % bootstrap intervals over dialogues; null where there are too few. */
  intervals: {
    medianReplyChars: Interval | null;
    nllPerChar: Interval | null;
    linesPerReply: Interval | null;
  };
};

/** What one change does: from one system to another. */
export type Effect = {
  from: ModelKey;
  to: ModelKey;
  /** Change of surprise at the real replies, relative to `from`; negative is better. */
  nllChange: { value: number; interval: Interval | null };
  /** Median reply length as a multiple of the person's. */
  lengthRatio: { from: number; to: number };
  /** How much of the way from `from`'s lengths to the person's is gone; 1 is all of it, null where none was left. */
  lengthGapClosed: number | null;
};

/** A moment at which everyone replied, for reading. */
export type Sample = {
  contact: string;
  /** The last turns before the reply. */
  context: Pick<Turn, "role" | "text">[];
  replies: Record<SystemKey, { text: string; broken: Breakage[]; cut: boolean }>;
};

/** The content of `compare.json`. */
export type Comparison = {
  version: 1;
  settings: CompareSettings;
  /** The chat template that rendered every prompt. */
  template: string;
  /** What the prompts were drawn from, and how many there were to draw from. */
  prompts: { n: number; available: number; dialogues: number; contacts: number; hash: string };
  /** Whether the person writes Chinese, which decides the habits that are counted. */
  chatLanguage: "zh" | "other";
  systems: Record<SystemKey, SystemResult>;
  /** Tuning and rounding, kept apart; and rounding of the stock model beside it. */
  effects: { tuning: Effect; rounding: Effect; baseRounding: Effect };
  samples: Sample[];
};
