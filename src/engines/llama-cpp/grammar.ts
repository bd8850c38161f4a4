import { MalformedInput } from "../../errors.js";
import type { LlamaLibrary, Pointer } from "./library.js";

/** llama_token_data: id, logit and probability, four bytes each. */
const CANDIDATE_WORDS = 3;
/** llama_token_data_array: pointer, size, selected, sorted. */
const LIST_BYTES = 32;

/** Which tokens may come next in a reply that follows a grammar. */
export type Grammar = {
  /** Whether a token may come next; an end token may where the reply is complete. */
  permits(token: number): boolean;
  /** The logits with those of all tokens that may not come next at minus infinity. */
  mask(logits: Float32Array): Float32Array;
  /** Whether llama.cpp takes a token for the end of a reply. */
  isEnd(token: number): boolean;
  /** Goes on after a token that may come next and is no end; after any other llama.cpp ends the process. */
  accept(token: number): void;
  free(): void;
};

/** The grammars of replies of one model, which share the memory in which llama.cpp is asked. */
export type Grammars = {
  /**
   * A reply's way through a GBNF grammar, from its rule `root`.
   *
   * @param stops tokens that end a reply, whether llama.cpp takes them for ends or not
   * @throws {MalformedInput} llama.cpp cannot read the grammar
   */
  open(gbnf: string, stops: ReadonlySet<number>): Grammar;
  free(): void;
};

export function createGrammars(library: LlamaLibrary, vocab: Pointer, vocabularySize: number): Grammars {
  const list = library.alloc(LIST_BYTES);
  const head = new DataView(library.view(list, LIST_BYTES));
  const bytes = vocabularySize * CANDIDATE_WORDS * 4;
  const candidates = library.alloc(bytes);
  const words = new Int32Array(library.view(candidates, bytes));
  const floats = new Float32Array(words.buffer, words.byteOffset, words.length);
  const ends = new Set<number>();
  for (let token = 0; token < vocabularySize; token += 1) if (library.isEnd(vocab, token)) ends.add(token);
  const [anyEnd] = ends;

  const put = (place: number, token: number, logit: number): void => {
    words[place * CANDIDATE_WORDS] = token;
    floats[place * CANDIDATE_WORDS + 1] = logit;
  };
  const logitAt = (place: number): number => floats[place * CANDIDATE_WORDS + 1]!;
  /** Leaves the logit of each of the first `count` candidates, or makes it minus infinity. */
  const apply = (sampler: Pointer, count: number): void => {
    head.setBigUint64(0, candidates, true);
    head.setBigUint64(8, BigInt(count), true);
    head.setBigInt64(16, -1n, true);
    head.setUint8(24, 0);
    library.samplerApply(sampler, list);
  };

  const open = (gbnf: string, stops: ReadonlySet<number>): Grammar => {
    const sampler = library.grammarInit(vocab, gbnf, "root");
    if (sampler === null) {
      const message = "model grammar: llama.cpp cannot read it. Send a simpler schema.";
      throw new MalformedInput(message, { stage: "model" });
    }
    const permits = (token: number): boolean => {
      put(0, token, 0);
      apply(sampler, 1);
      return logitAt(0) !== -Infinity;
    };
    const isComplete = () => anyEnd !== undefined && permits(anyEnd);
    /** To llama.cpp such a token is the text of its name, which a string may hold. */
    const unknownEnds = [...stops].filter((token) => !ends.has(token));
    return {
      isEnd: (token) => ends.has(token),
      permits: (token) => (unknownEnds.includes(token) ? isComplete() : permits(token)),
      mask: (logits) => {
        for (let token = 0; token < logits.length; token += 1) put(token, token, logits[token]!);
        apply(sampler, logits.length);
        const masked = logits.map((_, token) => logitAt(token));
        const complete = isComplete();
        for (const token of unknownEnds) masked[token] = complete ? logits[token]! : -Infinity;
        return masked;
      },
      accept: (token) => library.samplerAccept(sampler, token),
      free: () => library.samplerFree(sampler),
    };
  };

  return {
    open,
    free: () => {
      library.release(candidates);
      library.release(list);
    },
  };
}
