import { MalformedInput, Unsupported } from "../../errors.js";
import { type GgufMetadata, type GgufNumberType, MetadataReader } from "../gguf/metadata.js";
import { printable } from "../printable.js";
import { findTemplate } from "../template/chat-template.js";
import { KNOWN_PRE_TOKENIZERS, type KnownPreTokenizer, PRE_TOKENIZER_NAMES } from "./pre-tokenizers.js";
import { TOKEN_TYPES } from "./token-types.js";

/** The files of a Hugging Face tokenizer, as JSON values. */
export type TokenizerFiles = {
  "tokenizer.json": object;
  "tokenizer_config.json": object;
  "special_tokens_map.json": Record<string, string>;
};

type Vocabulary = { vocab: Record<string, number>; added: ReturnType<typeof addedToken>[] };

/**
 * The Hugging Face files of the tokenizer that a GGUF holds, with our own chat template where one fits.
 *
 * @param file name of the GGUF, for errors
 * @throws {Unsupported} not a byte-level BPE vocabulary with a known pre-tokenizer
 * @throws {MalformedInput} a value is missing or impossible
 */
export function tokenizerFromGguf(metadata: GgufMetadata, stage: string, file: string): TokenizerFiles {
  const reader = new MetadataReader(metadata, stage, file);
  const known = knownPreTokenizer(reader, stage, file);
  const tokens = reader.require("tokenizer.ggml.tokens", reader.strings("tokenizer.ggml.tokens"));
  const merges = reader.require("tokenizer.ggml.merges", reader.strings("tokenizer.ggml.merges"));
  const refuse = (what: string): never => {
    throw new MalformedInput(`${stage} ${file}: ${what}. Fetch the file again.`, { stage, path: file });
  };
  if (new Set(tokens).size !== tokens.length) refuse("a token is in its vocabulary twice");
  // llama.cpp reads these lists without a look at their type and length.
  const beside = (key: string, type: GgufNumberType) => {
    const found = metadata.get(key);
    if (found === undefined) return undefined;
    if (found.type !== "array" || found.of !== type) return refuse(`metadata "${key}" is no list of ${type}`);
    const { length } = found.value;
    if (length !== tokens.length) refuse(`it has ${tokens.length} tokens but ${length} values in "${key}"`);
    return found.value;
  };
  beside("tokenizer.ggml.scores", "float32");
  const types = beside("tokenizer.ggml.token_type", "int32") ?? new Int32Array(tokens.length).fill(1);
  const { vocab, added } = vocabulary(tokens, types);
  const tokenOf = (name: string): string | undefined =>
    tokens[reader.number(`tokenizer.ggml.${name}_token_id`) ?? -1];
  const named = Object.fromEntries(
    Object.entries({
      bos_token: tokenOf("bos"),
      eos_token: tokenOf("eos"),
      unk_token: tokenOf("unknown"),
      pad_token: tokenOf("padding"),
    }).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const addBos =
    (reader.boolean("tokenizer.ggml.add_bos_token") ?? false) && named["bos_token"] !== undefined;
  const names = new Set(added.map(({ content }) => content));
  const template = findTemplate((token) => names.has(token));
  return {
    "tokenizer.json": {
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: added,
      normalizer: known.normalizer === null ? null : { type: known.normalizer },
      pre_tokenizer: known.preTokenizer,
      post_processor: addBos ? beginWith(named["bos_token"]!, vocab) : null,
      decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
      model: {
        type: "BPE",
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: null,
        end_of_word_suffix: null,
        fuse_unk: false,
        byte_fallback: false,
        ignore_merges: known.ignoreMerges,
        vocab,
        merges,
      },
    },
    "tokenizer_config.json": {
      ...named,
      add_bos_token: addBos,
      added_tokens_decoder: Object.fromEntries(added.map(({ id, ...token }) => [String(id), token])),
      ...(template ? { chat_template: template.jinja } : {}),
      clean_up_tokenization_spaces: false,
      model_max_length:
        reader.number(`${reader.string("general.architecture") ?? ""}.context_length`) ?? 2048,
      tokenizer_class: "PreTrainedTokenizerFast",
    },
    "special_tokens_map.json": named,
  };
}

function knownPreTokenizer(reader: MetadataReader, stage: string, file: string): KnownPreTokenizer {
  const model = reader.string("tokenizer.ggml.model");
  const pre = reader.string("tokenizer.ggml.pre") ?? "default";
  const known = KNOWN_PRE_TOKENIZERS.find(({ names }) => names.includes(pre));
  if (model === "gpt2" && known) return known;
  const found =
    model === "gpt2" ? `pre-tokenizer "${printable(pre)}"` : `tokenizer "${printable(model ?? "")}"`;
  throw new Unsupported(
    `${stage} ${file}: ${found} is not read here (gpt2 with ${PRE_TOKENIZER_NAMES.join(", ")} is). Choose another base.`,
    { stage, path: file },
  );
}

/** Rows without a token are left out: they were only made up to fill the model's matrix. */
function vocabulary(tokens: readonly string[], types: ArrayLike<number>): Vocabulary {
  const vocab: [string, number][] = [];
  const added: Vocabulary["added"] = [];
  tokens.forEach((token, id) => {
    const type = types[id];
    if (type !== TOKEN_TYPES.normal && token === `[PAD${id}]`) return;
    if (type === TOKEN_TYPES.unused) return;
    // Special tokens are in both lists, as in SmolLM2's own file, so that ids before the last word stay theirs.
    vocab.push([token, id]);
    if (type !== TOKEN_TYPES.normal) added.push(addedToken(token, id, type !== TOKEN_TYPES.userDefined));
  });
  return { vocab: Object.fromEntries(vocab), added };
}

function addedToken(content: string, id: number, special: boolean) {
  return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special };
}

function beginWith(token: string, vocab: Record<string, number>): object {
  const begin = { SpecialToken: { id: token, type_id: 0 } };
  const [first, second] = [{ Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 1 } }];
  return {
    type: "TemplateProcessing",
    single: [begin, first],
    pair: [begin, first, { SpecialToken: { id: token, type_id: 1 } }, second],
    special_tokens: { [token]: { id: token, ids: [vocab[token]], tokens: [token] } },
  };
}
