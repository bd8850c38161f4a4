import { MalformedInput } from "../../errors.js";
import type { LlamaLibrary, Pointer } from "./library.js";

/** llama_token_data: id, logit and probability, four bytes each. */
const CANDIDATE_BYTES = 12;
/** llama_token_data_array: pointer, size, selected, sorted. */
const LIST_BYTES = 32;

/** Which tokens may come next in a reply that follows a grammar. */
export type Grammar = {
  /** Whether a token may come next; an end token may where the reply is complete. */
  permits(token: number): boolean;
  /** The logits with those of all tokens that may not come next at minus infinity. */
  mask(logits: Float32Array): Float32Array;
  /** Whether a token ends a reply. */
  isEnd(token: number): boolean;
  /** Goes on after a token that may come next and is no end. */
  accept(token: number): void;
  free(): void;
};

/**
 * A reply's way through a GBNF grammar, from its rule `root`.
 *
 * @param stops tokens that end a reply, whether llama.cpp takes them for ends or not
 * @throws {MalformedInput} llama.cpp cannot read the grammar
 */
export function openGrammar(
  library: LlamaLibrary,
  vocab: Pointer,
  vocabularySize: number,
  gbnf: string,
  stops: ReadonlySet<number>,
): Grammar {
  const sampler = library.grammarInit(vocab, gbnf, "root");
  if (sampler === null) {
    throw new MalformedInput("model grammar: llama.cpp cannot read it. Send a simpler schema.", {
      stage: "model",
    });
  }
  const candidates = library.alloc(vocabularySize * CANDIDATE_BYTES);
  const list = library.alloc(LIST_BYTES);
  const bytes = new DataView(library.view(candidates, vocabularySize * CANDIDATE_BYTES));
  const head = new DataView(library.view(list, LIST_BYTES));
  const isEnd = (token: number) => library.isEnd(vocab, token);

  /** Leaves the logit of each of the first `count` candidates, or makes it minus infinity. */
  const apply = (count: number): void => {
    head.setBigUint64(0, candidates, true);
    head.setBigUint64(8, BigInt(count), true);
    head.setBigInt64(16, -1n, true);
    head.setUint8(24, 0);
    library.samplerApply(sampler, list);
  };
  const put = (place: number, token: number, logit: number): void => {
    bytes.setInt32(place * CANDIDATE_BYTES, token, true);
    bytes.setFloat32(place * CANDIDATE_BYTES + 4, logit, true);
  };
  const logitAt = (place: number) => bytes.getFloat32(place * CANDIDATE_BYTES + 4, true);
  /** In a grammar's eyes such a token is the text of its name, which a string may hold. */
  const isFalseEnd = (token: number) => stops.has(token) && !isEnd(token);

  return {
    isEnd,
    permits: (token) => {
      if (isFalseEnd(token)) return false;
      put(0, token, 0);
      apply(1);
      return logitAt(0) !== -Infinity;
    },
    mask: (logits) => {
      for (let token = 0; token < logits.length; token += 1) put(token, token, logits[token]!);
      apply(logits.length);
      return logits.map((_, token) => (isFalseEnd(token) ? -Infinity : logitAt(token)));
    },
    accept: (token) => library.samplerAccept(sampler, token),
    free: () => {
      library.samplerFree(sampler);
      library.release(candidates);
      library.release(list);
    },
  };
}
