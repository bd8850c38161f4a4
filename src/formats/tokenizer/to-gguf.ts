import { MalformedInput } from "../../errors.js";
import type { ModelConfig } from "../model-config.js";
import {
  bool,
  type GgufMetadata,
  type GgufValue,
  int32s,
  string,
  strings,
  uint32,
} from "../gguf/metadata.js";
import type { ChatTemplate } from "../template/chat-template.js";
import { requirePreTokenizer } from "./pre-tokenizers.js";
import { TOKEN_TYPES } from "./token-types.js";
import type { TokenizerConfig, TokenizerJson } from "./tokenizer-json.js";

const path = "tokenizer.json";

/**
 * A tokenizer and our chat template as GGUF metadata (`tokenizer.ggml.*`, `tokenizer.chat_template`).
 *
 * The pre-tokenizer's name comes from the pre-tokenizer itself, not from a hash of encoded text as in llama.cpp's
 * converter: an added token or a resaved file changes the hash. Rows of the model without a token become unused
 * tokens `[PAD<row>]`. The end token is the template's, so that a model made from a base without one still stops.
 *
 * @throws {Unsupported} a pre-tokenizer or normalizer that llama.cpp has no equal of; lists the known ones
 * @throws {MalformedInput} a token beyond the model's rows, two tokens in one row, or one token in two rows, which ends
 *   the process that loads the file into llama.cpp
 * @source llama.cpp gguf-py `SpecialVocab` and `_set_vocab_gpt2`
 */
export function tokenizerMetadata(
  { tokenizer, config }: { tokenizer: TokenizerJson; config: TokenizerConfig },
  template: ChatTemplate,
  model: Pick<ModelConfig, "vocabSize" | "bosTokenId">,
  stage: string,
): GgufMetadata {
  const { tokens, types } = vocabularyRows(tokenizer, model.vocabSize, stage);
  const special = new Map(tokenizer.addedTokens.map(({ content, id }) => [content, id]));
  const idOf = (token: string | null | undefined) => (token == null ? undefined : special.get(token));
  const end = idOf(template.assistant.after[0]!.text);
  const begin = idOf(template.begin[0]?.text);
  const ids: [string, number | null | undefined][] = [
    ["bos", begin ?? idOf(config.bosToken) ?? model.bosTokenId],
    ["eos", end],
    ["unknown", idOf(config.unkToken)],
    ["padding", idOf(config.padToken)],
  ];
  return new Map<string, GgufValue>([
    ["tokenizer.ggml.model", string("gpt2")],
    ["tokenizer.ggml.pre", string(preTokenizerName(tokenizer, template, stage))],
    ["tokenizer.ggml.tokens", strings(tokens)],
    ["tokenizer.ggml.token_type", int32s(types)],
    ["tokenizer.ggml.merges", strings(tokenizer.merges)],
    ...ids.flatMap(([name, id]): [string, GgufValue][] =>
      id == null ? [] : [[`tokenizer.ggml.${name}_token_id`, uint32(id)]],
    ),
    ["tokenizer.ggml.add_bos_token", bool(template.begin.length > 0)],
    ["tokenizer.ggml.add_eos_token", bool(false)],
    ["tokenizer.chat_template", string(template.jinja)],
  ]);
}

/** Token text and type of each row of the embedding. */
function vocabularyRows(
  tokenizer: TokenizerJson,
  rows: number,
  stage: string,
): { tokens: string[]; types: Int32Array } {
  const tokens = Array.from<string | undefined>({ length: rows });
  const types = new Int32Array(rows).fill(TOKEN_TYPES.unused);
  const put = (token: string, row: number, type: number) => {
    if (row >= rows) {
      throw new MalformedInput(
        `${stage} ${path}: token ${row} is beyond the model's ${rows} rows. Fetch the model again.`,
        { stage, path },
      );
    }
    if (tokens[row] !== undefined && tokens[row] !== token) {
      throw new MalformedInput(`${stage} ${path}: two tokens have the id ${row}. Fetch the model again.`, {
        stage,
        path,
      });
    }
    tokens[row] = token;
    types[row] = type;
  };
  for (const [token, row] of Object.entries(tokenizer.vocab)) put(token, row, TOKEN_TYPES.normal);
  for (const { content, id, special } of tokenizer.addedTokens) {
    put(content, id, special || looksSpecial(content) ? TOKEN_TYPES.control : TOKEN_TYPES.userDefined);
  }
  const filled = tokens.map((token, row) => token ?? `[PAD${row}]`);
  if (new Set(filled).size !== rows) {
    throw new MalformedInput(`${stage} ${path}: one token has two ids. Fetch the model again.`, {
      stage,
      path,
    });
  }
  return { tokens: filled, types };
}

/** DeepSeek's files do not call `<｜User｜>` special; llama.cpp must, or typed text could become it. */
function looksSpecial(token: string): boolean {
  return /^<\|.*\|>$|^<｜.*｜>$/s.test(token);
}

function preTokenizerName(tokenizer: TokenizerJson, template: ChatTemplate, stage: string): string {
  const { names } = requirePreTokenizer(tokenizer, stage);
  const qwenOfDeepSeek = names.includes("deepseek-r1-qwen") && template.id === "deepseek3";
  return qwenOfDeepSeek ? "deepseek-r1-qwen" : names[0]!;
}
