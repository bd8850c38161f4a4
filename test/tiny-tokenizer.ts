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

/**
 * The layout of a real family: SmolLM2 (llama) puts special tokens first and splits digits; Qwen2 puts them last;
 * DeepSeek's distills have Qwen2's vocabulary with other special tokens and a begin token before every text.
 */
export type TokenizerFamily = "llama" | "qwen2" | "deepseek";

const QWEN2_PATTERN =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const CHATML =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";
const SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];
/** In the order of the real ids 151643 to 151649; only the first and the fourth are called special there. */
export const DEEPSEEK_SPECIAL = [
  "<｜end▁of▁sentence｜>",
  "<｜User｜>",
  "<｜Assistant｜>",
  "<｜begin▁of▁sentence｜>",
  "<|EOT|>",
  "<think>",
  "</think>",
];

/** The two tokenizer files of a tiny model as JSON values, and the ids that its configuration needs. */
export function tinyTokenizer(family: TokenizerFamily) {
  const merges = learnMerges();
  const plain = [...byteCharacters().toSorted(), ...merges.map(([left, right]) => left + right)];
  const special = family === "deepseek" ? DEEPSEEK_SPECIAL : SPECIAL;
  const tokens = family === "llama" ? [...special, ...plain] : [...plain, ...special];
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const addedTokens = special.map((content) => ({
    id: ids.get(content)!,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: family !== "deepseek" || content.includes("of"),
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
    post_processor: {
      llama: null,
      qwen2: { ...byteLevel, use_regex: false },
      deepseek: beginWith("<｜begin▁of▁sentence｜>", ids),
    }[family],
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
    ...(family === "deepseek" ? DEEPSEEK_CONFIG : chatmlConfig(family)),
    added_tokens_decoder: Object.fromEntries(addedTokens.map(({ id, ...token }) => [String(id), token])),
    clean_up_tokenization_spaces: false,
    model_max_length: 2048,
  };
  const [start, end] =
    family === "deepseek"
      ? ["<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>"]
      : ["<|im_start|>", "<|im_end|>"];
  return {
    tokenizer,
    tokenizerConfig,
    size: tokens.length,
    endOfTextId: ids.get(special[0]!)!,
    startId: ids.get(start)!,
    endId: ids.get(end)!,
  };
}

/** Text with a begin token before it, as Hugging Face's libraries write that. */
function beginWith(token: string, ids: ReadonlyMap<string, number>) {
  const begin = { SpecialToken: { id: token, type_id: 0 } };
  const [first, second] = [{ Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 1 } }];
  return {
    type: "TemplateProcessing",
    single: [begin, first],
    pair: [begin, first, { SpecialToken: { id: token, type_id: 1 } }, second],
    special_tokens: { [token]: { id: token, ids: [ids.get(token)], tokens: [token] } },
  };
}

const deepseekToken = (content: string) => ({
  __type: "AddedToken",
  content,
  lstrip: false,
  normalized: true,
  rstrip: false,
  single_word: false,
});

/** A chat template of the kind in DeepSeek's files, shortened: it opens a reply with `<think>`. */
const DEEPSEEK_CONFIG = {
  add_bos_token: true,
  add_eos_token: false,
  bos_token: deepseekToken("<｜begin▁of▁sentence｜>"),
  chat_template:
    "{{bos_token}}{% for message in messages %}{% if message['role'] == 'user' %}{{'<｜User｜>' + message['content']}}{% endif %}{% endfor %}{% if add_generation_prompt %}{{'<｜Assistant｜><think>\n'}}{% endif %}",
  eos_token: deepseekToken("<｜end▁of▁sentence｜>"),
  legacy: true,
  pad_token: deepseekToken("<｜end▁of▁sentence｜>"),
  sp_model_kwargs: {},
  tokenizer_class: "LlamaTokenizerFast",
  unk_token: null,
  use_default_system_prompt: false,
};

function chatmlConfig(family: "llama" | "qwen2") {
  return {
    add_bos_token: false,
    add_prefix_space: false,
    additional_special_tokens: ["<|im_start|>", "<|im_end|>"],
    bos_token: family === "llama" ? "<|im_start|>" : null,
    chat_template: CHATML,
    eos_token: "<|im_end|>",
    errors: "replace",
    pad_token: family === "llama" ? "<|im_end|>" : "<|endoftext|>",
    split_special_tokens: false,
    tokenizer_class: family === "llama" ? "GPT2Tokenizer" : "Qwen2Tokenizer",
    unk_token: family === "llama" ? "<|endoftext|>" : null,
  };
}
