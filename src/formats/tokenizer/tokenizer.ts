import { existsSync } from "node:fs";
import { join } from "node:path";
import { Tokenizer as BytePairTokenizer } from "@huggingface/tokenizers";
import { MalformedInput, Unavailable, Unsupported } from "../../errors.js";
import { readJson } from "../../files.js";
import { bytesOfEntry } from "./byte-characters.js";
import { requirePreTokenizer } from "./pre-tokenizers.js";
import { splitAsHuggingFace } from "./split-as-hugging-face.js";
import {
  parseTokenizerConfig,
  parseTokenizerJson,
  type TokenizerConfig,
  type TokenizerJson,
} from "./tokenizer-json.js";

/** Text to token ids and back. */
export interface Tokenizer {
  /** The ids of plain text. What people type is never special: `<|im_end|>` in it becomes ordinary tokens. */
  encode(text: string): number[];
  /** The text of ids; special tokens show as their names, broken UTF-8 as U+FFFD. */
  decode(ids: readonly number[]): string;
  /** The UTF-8 bytes of one token, possibly a part of a character; empty for an id without a token. */
  bytesOf(id: number): Uint8Array;
  /** Whether a special (added) token of this name exists. */
  hasSpecial(token: string): boolean;
  /** @throws {Unsupported} there is no special token of this name */
  specialId(token: string): number;
  /** One more than the highest id; a model may have more rows than this. */
  readonly vocabularySize: number;
  readonly bosId: number | null;
  readonly eosId: number | null;
}

/**
 * The tokenizer of the Hugging Face model in a folder.
 *
 * @param stage the stage word, for errors
 * @throws {Unavailable} `tokenizer.json` is missing
 * @throws {MalformedInput} a file is not what it should be
 * @throws {Unsupported} not byte-level BPE with a known pre-tokenizer
 */
export async function loadTokenizer(folder: string, stage: string): Promise<Tokenizer> {
  const { tokenizer, config } = await readTokenizerFiles(folder, stage);
  return createTokenizer(tokenizer, config, stage);
}

/** The two tokenizer files of a folder, checked; a missing `tokenizer_config.json` counts as an empty one. */
export async function readTokenizerFiles(
  folder: string,
  stage: string,
): Promise<{ tokenizer: TokenizerJson; config: TokenizerConfig }> {
  const json = await readOptional(folder, "tokenizer.json", stage);
  if (json === undefined) {
    const path = "tokenizer.json";
    throw new Unavailable(`${stage} ${path}: missing in the model's folder. Fetch the model again.`, {
      stage,
      path,
    });
  }
  const config = (await readOptional(folder, "tokenizer_config.json", stage)) ?? {};
  return { tokenizer: parseTokenizerJson(json, stage), config: parseTokenizerConfig(config, stage) };
}

async function readOptional(folder: string, name: string, stage: string): Promise<unknown> {
  const path = join(folder, name);
  return existsSync(path) ? await readJson(path, stage) : undefined;
}

/** As `loadTokenizer`, from the parsed files. */
export function createTokenizer(tokenizer: TokenizerJson, config: TokenizerConfig, stage: string): Tokenizer {
  requirePreTokenizer(tokenizer, stage);
  // Without added tokens the library has no way to make a special id from text.
  const json = { ...tokenizer.json, added_tokens: [], post_processor: null };
  const plain = open({ ...json, pre_tokenizer: splitAsHuggingFace(tokenizer.preTokenizer) }, stage);
  const special = new Map(tokenizer.addedTokens.map(({ content, id }) => [content, id]));
  const entries: string[] = [];
  for (const [entry, id] of Object.entries(tokenizer.vocab)) entries[id] = entry;
  const contents = new Map(tokenizer.addedTokens.map(({ content, id }) => [id, content]));
  const bytesOf = (id: number): Uint8Array => {
    const content = contents.get(id);
    if (content !== undefined) return Buffer.from(content);
    const entry = entries[id] ?? "";
    return bytesOfEntry(entry) ?? Buffer.from(entry);
  };
  const idOf = (token: string | null) => (token === null ? null : (special.get(token) ?? null));
  return {
    encode: (text) => {
      if (text === "") return [];
      // Where a byte and the unknown token are missing in the vocabulary the library gives undefined.
      const ids: (number | undefined)[] = plain.encode(text, { add_special_tokens: false }).ids;
      return ids.map((id) => id ?? refuseVocabulary(stage));
    },
    decode: (ids) => Buffer.concat(ids.map(bytesOf)).toString("utf8"),
    bytesOf,
    hasSpecial: (token) => special.has(token),
    specialId: (token) => {
      const id = special.get(token);
      if (id !== undefined) return id;
      throw new Unsupported(
        `${stage} tokenizer.json: there is no special token ${token}. Choose a chat model as base.`,
        { stage, path: "tokenizer.json" },
      );
    },
    vocabularySize: tokenizer.addedTokens.reduce((size, { id }) => Math.max(size, id + 1), entries.length),
    bosId: idOf(config.bosToken),
    eosId: idOf(config.eosToken),
  };
}

function refuseVocabulary(stage: string): never {
  const path = "tokenizer.json";
  throw new MalformedInput(
    `${stage} ${path}: its vocabulary lacks bytes and the unknown token. Fetch the model again.`,
    { stage, path },
  );
}

function open(json: object, stage: string): BytePairTokenizer {
  const path = "tokenizer.json";
  try {
    return new BytePairTokenizer(json, {});
  } catch (cause) {
    throw new MalformedInput(`${stage} ${path}: not a tokenizer that can be read. Fetch the model again.`, {
      stage,
      path,
      cause,
    });
  }
}
