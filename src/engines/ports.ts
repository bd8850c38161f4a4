import type { Run } from "../progress.js";

/** How a reply is drawn from a model. */
export type Sampling = {
  /** 0 picks the most likely token always. */
  temperature: number;
  /** Smallest set of tokens whose probabilities add up to this; 1 keeps all. */
  topP: number;
  /** Over 1 makes tokens of the last `repeatLastN` less likely; 1 does nothing. */
  repeatPenalty: number;
  maxTokens: number;
  seed: number;
  /** Only so many of the likeliest tokens; 0, as unless told, keeps all. */
  topK?: number;
  /** Only tokens at least this share as likely as the likeliest; 0, as unless told, keeps all. */
  minP?: number;
  /** How many of the last tokens the penalties look at; 64 unless told, 0 for none, -1 for all. */
  repeatLastN?: number;
  /** Taken from the logit of each token that occurred, -2 to 2; 0 unless told. */
  presencePenalty?: number;
  /** Taken from the logit of each token as often as it occurred, -2 to 2; 0 unless told. */
  frequencyPenalty?: number;
  /** Added to the logits of single tokens. */
  logitBias?: ReadonlyMap<number, number>;
  /** A GBNF grammar whose rule `root` the reply follows; ends the reply when it is complete. */
  grammar?: string;
  /** Tells with each token how likely it was, and so many of the likeliest in its place; untold unless given. */
  topScores?: number;
};

/** A token and the natural logarithm of its probability, before any sampler had a say. */
export type TokenScore = { id: number; logProbability: number };

/** The score of a drawn token, and the likeliest tokens in its place, best first. */
export type DrawScores = { drawn: TokenScore; top: TokenScore[] };

/** A reply as token ids, without the end token. */
export type Generated = { ids: number[]; ended: "end" | "length" | "aborted" };

/** A model in memory. All of its methods take token ids, so that no other program's template or tokenizer has a say. */
export interface LoadedModel {
  /**
   * Draws a reply; `onToken` sees each id as it comes. Calls may run side by side up to the host's `sequences`; further
   * ones wait their turn.
   */
  generate(
    prompt: readonly number[],
    stopIds: readonly number[],
    sampling: Sampling,
    run?: Run & { onToken?: (id: number, scores?: DrawScores) => void },
  ): Promise<Generated>;
  /** Natural logarithm of the probability of each reply token, given all before it; no sampler has a say. */
  score(prompt: readonly number[], reply: readonly number[], run?: Run): Promise<Float64Array>;
  /** Ids of a text; with `special`, strings such as `<|im_end|>` become their own ids. Adds no BOS. */
  tokenize(text: string, special: boolean): number[];
  close(): Promise<void>;
}

/** How a GGUF file is loaded. */
export type LoadOptions = {
  /** Tokens that each sequence has room for, prompt and reply. */
  contextTokens: number;
  /** Replies drawn side by side. */
  sequences: number;
  /** Path of a LoRA adapter as GGUF, of this model. */
  adapter?: string;
};

/** Loads GGUF files. */
export interface ModelHost {
  /** What computes beside the processor, such as `cuda`, `vulkan` or `metal`; null for nothing. */
  readonly gpu: string | null;
  /**
   * The weights of a file are in memory once, however often it is loaded; an adapter is added as it computes. All models
   * of a host take turns, a step at a time.
   */
  load(ggufPath: string, options: LoadOptions, run?: Run): Promise<LoadedModel>;
  close(): Promise<void>;
}

/** A model that serves whoever asks. */
export interface ServingModel extends LoadedModel {
  /** The mean of the last hidden states over a text's tokens, not normalised; as many values as the model is wide. */
  embed(tokens: readonly number[], run?: Run): Promise<Float32Array>;
}

/** A host for a server: many models, many who ask. */
export interface ServingHost extends ModelHost {
  load(ggufPath: string, options: LoadOptions, run?: Run): Promise<ServingModel>;
  /** About how many bytes of memory a load would take more than is taken now. */
  memoryBytes(ggufPath: string, options: LoadOptions): Promise<number>;
  /**
   * A GBNF grammar for `Sampling.grammar`: of what a JSON Schema allows, or of any JSON value where there is none.
   *
   * @throws {Unsupported} the schema says something that no grammar can keep
   */
  jsonGrammar(schema?: unknown): Promise<string>;
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
  /** JSON Schema that the answer follows, where the model can be held to one. */
  schema?: object;
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

/** Requests that are answered within a day, at a lower price than one by one. */
export interface LlmBatches {
  /** Requests by their ids, in as few batches as the service's limits let them go in; their order stays. */
  cut(requests: ReadonlyMap<string, LlmRequest>): ReadonlyMap<string, LlmRequest>[];
  /**
   * Hands in requests, each by an id of its own.
   *
   * @param name is found again by `find`
   * @returns the id that the service gave the batch
   * @throws {Unsupported} the service has no batches
   */
  create(requests: ReadonlyMap<string, LlmRequest>, name: string, signal?: AbortSignal): Promise<string>;
  /** The id of a batch that was created by that name, if it is among the last hundred. */
  find(name: string, signal?: AbortSignal): Promise<string | undefined>;
  /**
   * Waits until a batch is over, asking less and less often.
   *
   * @param waiting is told how many requests are over
   * @returns the answers that there are, by the ids of their requests; undefined if the service does not know the batch
   *   any more
   */
  collect(
    id: string,
    waiting: (done: number, total: number) => void,
    signal?: AbortSignal,
  ): Promise<Map<string, LlmAnswer | LlmFailure> | undefined>;
}

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
  /** Not there for models on this machine. */
  readonly batches?: LlmBatches;
  close(): Promise<void>;
}

/** What an Ollama makes a model of; files by their digests, `sha256:` and 64 hexadecimal digits. */
export type OllamaModel = {
  name: string;
  /** Digest of a GGUF blob, or the name of a model that is there. */
  from: { blob: string } | { model: string };
  /** Digest of a GGUF LoRA adapter, put on top. */
  adapter?: string;
  template: string;
  system: string | null;
  parameters: Readonly<Record<string, number | readonly string[]>>;
};

/** What an Ollama wrote, greedily and without penalties. */
export type OllamaReply = {
  text: string;
  /** Ids of prompt and reply without BOS, where it tells them. */
  context: number[] | null;
  /** Tokens of the prompt, BOS included. */
  promptTokens: number;
};

type OllamaMessage = { role: "system" | "user" | "assistant"; content: string };

/** An Ollama that runs, on this machine or another. */
export interface OllamaHost {
  /** Host and port, for people. */
  readonly host: string;
  readonly version: string;
  /** With their tags. */
  names(run?: Run): Promise<string[]>;
  /**
   * Sends a file unless it is there already.
   *
   * @returns its digest
   */
  putBlob(path: string, run?: Run): Promise<string>;
  /** Makes a model, in place of one of that name. */
  create(model: OllamaModel, run?: Run): Promise<void>;
  remove(name: string, run?: Run): Promise<void>;
  /** One message, written with the model's own template. */
  generate(
    model: string,
    prompt: { system: string | null; user: string },
    maxTokens: number,
    run?: Run,
  ): Promise<OllamaReply>;
  /** Text as it is, special tokens in it read as such. */
  continueText(model: string, text: string, maxTokens: number, run?: Run): Promise<OllamaReply>;
  chat(model: string, messages: readonly OllamaMessage[], maxTokens: number, run?: Run): Promise<OllamaReply>;
  /** The text that the model would see; null where this Ollama does not tell. */
  renderChat(model: string, messages: readonly OllamaMessage[], run?: Run): Promise<string | null>;
}
