import { LimitExceeded } from "../../errors.js";
import type { Run } from "../../progress.js";
import { createRandom } from "../../random.js";
import type { DrawScores, Generated, Sampling, ServingModel } from "../ports.js";
import type { Grammar } from "./grammar.js";
import { drawScores, logProbability } from "./log-probability.js";
import { PENALIZED_TOKENS, sampleToken } from "./sampler.js";
import type { Scheduler } from "./scheduler.js";

export type ModelParts = {
  scheduler: Scheduler;
  vocabularySize: number;
  contextTokens: number;
  /** The stage word and the file, for errors. */
  stage: string;
  file: string;
  tokenize: (text: string, special: boolean) => number[];
  openGrammar: (gbnf: string, stops: ReadonlySet<number>) => Grammar;
  embed: (tokens: readonly number[], run: Run) => Promise<Float32Array>;
  /** Called once, when nothing is being computed any more. */
  free: () => Promise<void>;
};

/** A loaded model: generating and scoring on top of a scheduler. */
export function createModel(parts: ModelParts): ServingModel {
  const { scheduler, vocabularySize, contextTokens, stage, file } = parts;
  let closing: Promise<void> | undefined;

  /** Checked here, because llama.cpp ends the whole process where a token is out of range. */
  const check = (prompt: readonly number[], tokens: readonly number[], room: number) => {
    if (prompt.length === 0) throw new TypeError("a prompt has at least one token");
    for (const token of tokens) {
      if (!Number.isInteger(token) || token < 0 || token >= vocabularySize) {
        throw new TypeError(`${token} is not a token of this model (0 to ${vocabularySize - 1})`);
      }
    }
    if (tokens.length + room <= contextTokens) return;
    throw new LimitExceeded(
      `${stage} ${file}: a conversation of ${tokens.length} tokens does not fit (at most ${contextTokens - room}). Give less of it.`,
      { stage, path: file },
    );
  };

  const generate = async (
    prompt: readonly number[],
    stopIds: readonly number[],
    sampling: Sampling,
    run: Run & { onToken?: (id: number, scores?: DrawScores) => void } = {},
  ): Promise<Generated> => {
    check(prompt, prompt, 1);
    const ids: number[] = [];
    if (run.signal?.aborted) return { ids, ended: "aborted" };
    if (sampling.maxTokens <= 0) return { ids, ended: "length" };
    const stops = new Set(stopIds);
    const random = createRandom(sampling.seed);
    const tokens = [...prompt];
    let ended: Generated["ended"] = "length";
    const { repeatLastN = PENALIZED_TOKENS, topScores } = sampling;
    const seen = (): number[] => {
      if (repeatLastN === 0) return [];
      // A penalty on the end token would make replies longer than the person's.
      return tokens.slice(repeatLastN < 0 ? 0 : -repeatLastN).filter((token) => !stops.has(token));
    };
    const grammar = sampling.grammar === undefined ? undefined : parts.openGrammar(sampling.grammar, stops);
    const read = (logits: Float32Array) => {
      const recent = seen();
      let id = sampleToken(logits, recent, sampling, random);
      let isOver = false;
      if (grammar && !grammar.permits(id)) {
        const masked = grammar.mask(logits);
        id = sampleToken(masked, recent, sampling, random);
        // Nothing may follow, not even an end token: there is none.
        isOver = masked[id] === -Infinity;
      }
      if (isOver || stops.has(id) || grammar?.isEnd(id)) {
        ended = "end";
        return;
      }
      grammar?.accept(id);
      ids.push(id);
      run.onToken?.(id, topScores === undefined ? undefined : drawScores(logits, id, topScores));
      if (ids.length < sampling.maxTokens && tokens.length + 1 < contextTokens) tokens.push(id);
    };
    try {
      await scheduler.run({ tokens, readFrom: prompt.length - 1, read, signal: run.signal });
    } catch (error) {
      if (!run.signal?.aborted || error !== run.signal.reason) throw error;
      ended = "aborted";
    } finally {
      grammar?.free();
    }
    return { ids, ended };
  };

  const score = async (
    prompt: readonly number[],
    reply: readonly number[],
    run: Run = {},
  ): Promise<Float64Array> => {
    const tokens = [...prompt, ...reply];
    check(prompt, tokens, 0);
    run.signal?.throwIfAborted();
    const scores = new Float64Array(reply.length);
    if (reply.length === 0) return scores;
    const first = prompt.length - 1;
    await scheduler.run({
      tokens: tokens.slice(0, -1),
      readFrom: first,
      read: (logits, position) => {
        scores[position - first] = logProbability(logits, tokens[position + 1]!);
      },
      signal: run.signal,
    });
    return scores;
  };

  return {
    generate,
    score,
    tokenize: (text, special) => parts.tokenize(text, special),
    embed: async (tokens, run = {}) => {
      check(tokens, tokens, 0);
      return parts.embed(tokens, run);
    },
    close: () => (closing ??= scheduler.close().then(() => parts.free())),
  };
}
