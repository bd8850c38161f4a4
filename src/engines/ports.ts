import type { Run } from "../progress.js";

/** How a reply is drawn from a model. */
export type Sampling = {
  /** 0 picks the most likely token always. */
  temperature: number;
  /** Smallest set of tokens whose probabilities add up to this; 1 keeps all. */
  topP: number;
  /** Over 1 makes tokens of the last 64 less likely; 1 does nothing. */
  repeatPenalty: number;
  maxTokens: number;
  seed: number;
};

/** A reply as token ids, without the end token. */
export type Generated = { ids: number[]; ended: "end" | "length" | "aborted" };

/** A model in memory. All of its methods take token ids, so that no other program's template or tokenizer has a say. */
export interface LoadedModel {
  /** Draws a reply; `onToken` sees each id as it comes. Calls may run side by side up to the host's `sequences`. */
  generate(
    prompt: readonly number[],
    stopIds: readonly number[],
    sampling: Sampling,
    run?: Run & { onToken?: (id: number) => void },
  ): Promise<Generated>;
  /** Natural logarithm of the probability of each reply token, given all before it; no sampler has a say. */
  score(prompt: readonly number[], reply: readonly number[], run?: Run): Promise<Float64Array>;
  /** Ids of a text; with `special`, strings such as `<|im_end|>` become their own ids. Adds no BOS. */
  tokenize(text: string, special: boolean): number[];
  close(): Promise<void>;
}

/** Loads GGUF files. */
export interface ModelHost {
  /** What computes beside the processor, such as `cuda`, `vulkan` or `metal`; null for nothing. */
  readonly gpu: string | null;
  load(
    ggufPath: string,
    options: { contextTokens: number; sequences: number },
    run?: Run,
  ): Promise<LoadedModel>;
  close(): Promise<void>;
}

/** The quantized file types we write, named as llama.cpp names them. */
export type QuantizedType = "Q4_0" | "Q4_K_M" | "Q5_K_M" | "Q6_K" | "Q8_0";

/** Turns an F16 GGUF into a smaller one. */
export interface Quantizer {
  quantize(source: string, target: string, type: QuantizedType, run?: Run): Promise<void>;
}

/** One question to a language model. */
export type LlmRequest = {
  system: string;
  user: string;
  /** 0 to 2. */
  temperature: number;
  /** The answer is cut there. */
  maxTokens: number;
  seed: number;
};

/** What it answered, and what that took. */
export type LlmAnswer = {
  text: string;
  /** Whether it came to its own end; otherwise it was cut at `maxTokens` or by a filter. */
  whole: boolean;
  promptTokens: number;
  answerTokens: number;
};

/** Why a single request came to nothing. */
export type LlmFailure = { failed: "refused" | "overloaded" | "unreachable" | "timeout" | "unreadable" };

/** Which model a person chose; empty texts leave the choice to the preset. */
export type EndpointChoice = {
  /** A preset's name, or `custom`. */
  llm: string;
  llmUrl: string;
  llmModel: string;
  /** Name of the environment variable that holds the key. */
  llmKey: string;
};

/** A language model that answers in words, on this machine or behind an API. */
export interface Llm {
  /** The host that the words go to; null if they stay on this machine. */
  readonly host: string | null;
  readonly model: string;
  /** Bytes that went out so far. */
  readonly sentBytes: number;
  /**
   * @returns the answer, or why this request came to nothing after all retries while others may still work
   * @throws {KouwenError} nothing more can be had: the key is wrong, the balance used up, the model not there
   */
  answer(request: LlmRequest, signal?: AbortSignal): Promise<LlmAnswer | LlmFailure>;
  close(): Promise<void>;
}
