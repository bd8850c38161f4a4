/** Text whose frequent pairs become the merges of the tiny tokenizer; Chinese and English, written for this purpose. */
const SAMPLE = `好的好的 我在 你在吗 今天 明天 吃了吗 哈哈哈哈 不是 是的 什么 怎么 知道了 晚安 没事 可以 我们 你们
the thing is that we are there and then you were here with me on the train again okay okay sounds good see you
in the morning haha no worries what are you doing today nothing much just waiting for the bus to come home`;

/** Merges beyond the 256 bytes: with three special tokens this makes a vocabulary of 400. */
const MERGES = 141;

/** How byte-level tokenizers spell a byte as a printable character (GPT-2's table). */
function byteCharacters(): string[] {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte !== 173);
    return String.fromCodePoint(printable ? byte : next++);
  });
}

/** The most frequent neighbouring pairs of the sample, merged one after the other. */
function learnMerges(): [string, string][] {
  const characters = byteCharacters();
  let words = SAMPLE.match(/ ?\p{L}+/gu)!.map((word) =>
    [...Buffer.from(word)].map((byte) => characters[byte]!),
  );
  const merges: [string, string][] = [];
  while (merges.length < MERGES) {
    const counts = new Map<string, number>();
    for (const word of words) {
      for (let at = 1; at < word.length; at += 1) {
        const pair = `${word[at - 1]} ${word[at]}`;
        counts.set(pair, (counts.get(pair) ?? 0) + 1);
      }
    }
    const [best] = [...counts].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0]!;
    const [left, right] = best.split(" ") as [string, string];
    merges.push([left, right]);
    words = words.map((word) => {
      const merged: string[] = [];
      for (let at = 0; at < word.length; at += 1) {
        if (word[at] === left && word[at + 1] === right) {
          merged.push(left + right);
          at += 1;
        } else merged.push(word[at]!);
      }
      return merged;
    });
  }
  return merges;
}

/** The layout of a real family: SmolLM2 (llama) puts special tokens first and splits digits; Qwen2 puts them last. */
export type TokenizerFamily = "llama" | "qwen2";

const QWEN2_PATTERN =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const CHATML =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";
const SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"] as const;

/** The two tokenizer files of a tiny model as JSON values, and the ids that its configuration needs. */
export function tinyTokenizer(family: TokenizerFamily) {
  const merges = learnMerges();
  const plain = [...byteCharacters().toSorted(), ...merges.map(([left, right]) => left + right)];
  const tokens = family === "llama" ? [...SPECIAL, ...plain] : [...plain, ...SPECIAL];
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const addedTokens = SPECIAL.map((content) => ({
    id: ids.get(content)!,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));
  const byteLevel = {
    type: "ByteLevel",
    add_prefix_space: false,
    trim_offsets: family === "llama",
  };
  const split =
    family === "llama"
      ? { type: "Digits", individual_digits: true }
      : { type: "Split", pattern: { Regex: QWEN2_PATTERN }, behavior: "Isolated", invert: false };
  const tokenizer = {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: addedTokens,
    normalizer: family === "llama" ? null : { type: "NFC" },
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [split, { ...byteLevel, use_regex: family === "llama" }],
    },
    post_processor: family === "llama" ? null : { ...byteLevel, use_regex: false },
    decoder: { ...byteLevel, use_regex: family === "llama" },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: "",
      end_of_word_suffix: "",
      fuse_unk: false,
      byte_fallback: false,
      // A vocabulary without the special tokens is Qwen2's form; SmolLM2 lists them in both places.
      vocab: Object.fromEntries(family === "llama" ? ids : [...ids].slice(0, plain.length)),
      merges: merges.map((pair) => pair.join(" ")),
    },
  };
  const tokenizerConfig = {
    add_bos_token: false,
    add_prefix_space: false,
    added_tokens_decoder: Object.fromEntries(addedTokens.map(({ id, ...token }) => [String(id), token])),
    additional_special_tokens: ["<|im_start|>", "<|im_end|>"],
    bos_token: family === "llama" ? "<|im_start|>" : null,
    chat_template: CHATML,
    clean_up_tokenization_spaces: false,
    eos_token: "<|im_end|>",
    errors: "replace",
    model_max_length: 2048,
    pad_token: family === "llama" ? "<|im_end|>" : "<|endoftext|>",
    split_special_tokens: false,
    tokenizer_class: family === "llama" ? "GPT2Tokenizer" : "Qwen2Tokenizer",
    unk_token: family === "llama" ? "<|endoftext|>" : null,
  };
  return {
    tokenizer,
    tokenizerConfig,
    size: tokens.length,
    endOfTextId: ids.get("<|endoftext|>")!,
    startId: ids.get("<|im_start|>")!,
    endId: ids.get("<|im_end|>")!,
  };
}
