import { Unsupported } from "../../errors.js";
import { printable } from "../printable.js";

/** How a family of tokenizers cuts text before merging, under the name that llama.cpp knows it by. */
export type KnownPreTokenizer = {
  /** Values of `tokenizer.ggml.pre` that mean this one; the first is what we write. */
  names: readonly string[];
  preTokenizer: object;
  /** llama.cpp applies none, so a text that NFC would change gets other tokens there. */
  normalizer: "NFC" | null;
  /** Whether a whole word that is in the vocabulary is taken without merging. */
  ignoreMerges: boolean;
};

const contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const split = (digits: string) => ({
  type: "Split",
  pattern: {
    Regex:
      `${contractions}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*` +
      "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  },
  behavior: "Isolated",
  invert: false,
});
const byteLevel = (useRegex: boolean) => ({
  type: "ByteLevel",
  add_prefix_space: false,
  trim_offsets: true,
  use_regex: useRegex,
});
const sequence = (first: object, useRegex: boolean) => ({
  type: "Sequence",
  pretokenizers: [first, byteLevel(useRegex)],
});

/** @source llama.cpp llama-vocab.cpp, `llm_tokenizer_bpe`, and the tokenizer.json of the families named */
export const KNOWN_PRE_TOKENIZERS: readonly KnownPreTokenizer[] = [
  {
    names: ["smollm"],
    preTokenizer: sequence({ type: "Digits", individual_digits: true }, true),
    normalizer: null,
    ignoreMerges: false,
  },
  {
    names: ["qwen2", "deepseek-r1-qwen"],
    preTokenizer: sequence(split("\\p{N}"), false),
    normalizer: "NFC",
    ignoreMerges: false,
  },
  {
    names: ["llama-bpe", "llama3", "llama-v3"],
    preTokenizer: sequence(split("\\p{N}{1,3}"), false),
    normalizer: null,
    ignoreMerges: true,
  },
];

/** All names that are known, for messages. */
export const PRE_TOKENIZER_NAMES = KNOWN_PRE_TOKENIZERS.flatMap(({ names }) => names);

/** The known pre-tokenizer that a `tokenizer.json` holds; undefined for any other. */
function recognisePreTokenizer(found: unknown): KnownPreTokenizer | undefined {
  const wanted = essence(found);
  return KNOWN_PRE_TOKENIZERS.find(({ preTokenizer }) => essence(preTokenizer) === wanted);
}

/**
 * The pre-tokenizer of a `tokenizer.json`, which has to be a known one with a normalizer that llama.cpp does without.
 *
 * Asked before anything is encoded, not only at export: a pattern from a stranger could take forever on a text.
 *
 * @throws {Unsupported} any other; lists the known ones
 */
export function requirePreTokenizer(
  { preTokenizer, normalizer }: { preTokenizer: unknown; normalizer: string | null },
  stage: string,
): KnownPreTokenizer {
  const path = "tokenizer.json";
  const known = recognisePreTokenizer(preTokenizer);
  if (!known) {
    throw new Unsupported(
      `${stage} ${path}: its pre-tokenizer is none that llama.cpp and we know (${PRE_TOKENIZER_NAMES.join(", ")}). Choose another base.`,
      { stage, path },
    );
  }
  if (normalizer !== null && normalizer !== "NFC") {
    throw new Unsupported(
      `${stage} ${path}: its normalizer ${printable(normalizer)} has no equal in llama.cpp (NFC or none). Choose another base.`,
      { stage, path },
    );
  }
  return known;
}

/** What changes tokens; `trim_offsets` and the like only change where a token is said to lie in the text. */
function essence(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => {
    if (key === "trim_offsets") return undefined;
    if (inner === null || typeof inner !== "object" || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
