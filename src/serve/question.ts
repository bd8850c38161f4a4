import type { Sampling } from "../engines/ports.js";

/** A message as clients send it. */
export type Message = { role: "system" | "user" | "assistant"; content: string };

/** What is to be answered or continued. */
export type Question =
  /** A conversation, written with the model's own template; one that ends with the assistant is continued. */
  | { messages: readonly Message[] }
  /** Text that the model continues as it is; the names of special tokens in it are read as such. */
  | { text: string }
  /** Ids that came from an earlier answer, and a conversation that goes on from there. */
  | { context: readonly number[]; messages: readonly Message[] };

export type AnswerOptions = {
  /** `maxTokens` may be `Infinity`: as long as there is room. */
  sampling: Sampling;
  /** Texts that end an answer; they are not part of it. */
  stop: readonly string[];
  /** Tokens that a conversation may take with its answer; the lease's unless given. */
  contextTokens?: number | undefined;
  /** Whether a model that thinks aloud may; one that was tuned never does. */
  think?: boolean | undefined;
};

/** How likely a token was that the answer consists of. */
export type TextScore = { token: string; bytes: readonly number[]; logProbability: number };

/** A stretch of an answer: whole characters, and either said or thought, never both. */
export type AnswerPart = {
  text: string;
  thinking: boolean;
  /** Of the tokens drawn since the last part, where scores were asked for. */
  scores: { drawn: TextScore; top: TextScore[] }[];
};

/** How an answer ended, and what it took. */
export type AnswerEnd = {
  reason: "stop" | "length";
  promptTokens: number;
  answerTokens: number;
  promptMs: number;
  answerMs: number;
  /** All ids, prompt and answer. */
  context: number[];
};

/** An answer: its parts as they come, and how it ended. Leaving the loop early, or an abort, stops the model. */
export type Answer = AsyncGenerator<AnswerPart, AnswerEnd>;
