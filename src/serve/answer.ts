import type { DrawScores, TokenScore } from "../engines/ports.js";
import { stopIds } from "../formats/template/encode.js";
import type { Tokenizer } from "../formats/tokenizer/tokenizer.js";
import type { Run } from "../progress.js";
import { tokensOf } from "../tokens-of.js";
import { Trimmer } from "../trimmer.js";
import { encodeQuestion } from "./encode-question.js";
import type { Lease } from "./model-pool.js";
import type { Answer, AnswerEnd, AnswerOptions, AnswerPart, Question, TextScore } from "./question.js";
import { StopFinder } from "./stop-finder.js";
import { type Stretch, Thoughts } from "./thoughts.js";

/** Of a long conversation at least this share is kept free for the answer, if it may be as long. */
const ANSWER_SHARE = 1 / 4;

/**
 * The model's answer. White space at its ends is left out, as in training, but not where a text is continued; no character is ever split.
 *
 * @throws {LimitExceeded} the last message alone is too long
 */
export async function* answer(
  lease: Lease,
  question: Question,
  options: AnswerOptions,
  run: Run = {},
): Answer {
  const { model, codec } = lease;
  const contextTokens = Math.min(options.contextTokens ?? lease.contextTokens, lease.contextTokens);
  const room = Math.ceil(Math.min(options.sampling.maxTokens, contextTokens * ANSWER_SHARE));
  const prompt = encodeQuestion(lease, question, contextTokens - room, options.think);
  const sampling = {
    ...options.sampling,
    maxTokens: Math.min(options.sampling.maxTokens, contextTokens - prompt.length),
  };
  const writer = new PartWriter(codec.tokenizer, options.stop, question);
  const ids: number[] = [];
  const begin = performance.now();
  let first: number | undefined;
  let reason: AnswerEnd["reason"] = "stop";
  const tokens = tokensOf(model, prompt, stopIds(codec.tokenizer, codec.template), sampling, run);
  try {
    for (;;) {
      const next = await tokens.next();
      first ??= performance.now();
      if (next.done) {
        if (next.value === "length") reason = "length";
        yield* writer.end();
        break;
      }
      ids.push(next.value.id);
      yield* writer.push(next.value.id, next.value.scores);
      if (writer.stopped) break;
    }
  } finally {
    await tokens.return("aborted");
  }
  return {
    reason,
    promptTokens: prompt.length,
    answerTokens: ids.length,
    promptMs: first - begin,
    answerMs: performance.now() - first,
    context: [...prompt, ...ids],
  };
}

/** Tokens as the parts of an answer. */
class PartWriter {
  stopped = false;
  readonly #tokenizer: Tokenizer;
  readonly #decoder = new TextDecoder();
  readonly #stops: StopFinder;
  readonly #thoughts = new Thoughts();
  readonly #verbatim: boolean;
  readonly #said: Trimmer;
  readonly #thought = new Trimmer();
  #scores: AnswerPart["scores"] = [];

  constructor(tokenizer: Tokenizer, stops: readonly string[], question: Question) {
    this.#tokenizer = tokenizer;
    this.#stops = new StopFinder(stops);
    this.#verbatim = "text" in question;
    this.#said = new Trimmer("messages" in question && question.messages.at(-1)?.role === "assistant");
  }

  push(id: number, scores: DrawScores | undefined): AnswerPart[] {
    if (scores) {
      this.#scores.push({
        drawn: this.#scored(scores.drawn),
        top: scores.top.map((each) => this.#scored(each)),
      });
    }
    return this.#found(this.#decoder.decode(this.#tokenizer.bytesOf(id), { stream: true }));
  }

  end(): AnswerPart[] {
    const parts = this.#found(this.#decoder.decode());
    const stretches = this.stopped ? [] : [...this.#split(this.#stops.rest()), ...this.#thoughts.rest()];
    parts.push(...this.#parts(stretches));
    if (this.#scores.length > 0) parts.push({ text: "", thinking: false, scores: this.#take() });
    return parts;
  }

  #found(text: string): AnswerPart[] {
    const found = this.#stops.push(text);
    this.stopped = found.stopped;
    return this.#parts([...this.#split(found.text), ...(found.stopped ? this.#thoughts.rest() : [])]);
  }

  #split(text: string): Stretch[] {
    if (text === "") return [];
    return this.#verbatim ? [{ text, thinking: false }] : this.#thoughts.push(text);
  }

  #parts(stretches: readonly Stretch[]): AnswerPart[] {
    const parts: AnswerPart[] = [];
    for (const { text, thinking } of stretches) {
      const solid = this.#verbatim ? text : (thinking ? this.#thought : this.#said).push(text);
      if (solid !== "") parts.push({ text: solid, thinking, scores: this.#take() });
    }
    return parts;
  }

  #take(): AnswerPart["scores"] {
    const scores = this.#scores;
    this.#scores = [];
    return scores;
  }

  #scored({ id, logProbability }: TokenScore): TextScore {
    const bytes = [...this.#tokenizer.bytesOf(id)];
    return { token: this.#tokenizer.decode([id]), bytes, logProbability };
  }
}
