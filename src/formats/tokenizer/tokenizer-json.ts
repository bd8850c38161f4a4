import { z } from "zod";
import { MalformedInput, Unsupported } from "../../errors.js";
import { printable } from "../printable.js";

/** A token that is matched as a whole before any splitting. */
export type AddedToken = { id: number; content: string; special: boolean };

/** What we use of a byte-level BPE `tokenizer.json`; `json` is the whole of it. */
export type TokenizerJson = {
  json: object;
  vocab: Record<string, number>;
  /** Each `left right`, in order of rank. */
  merges: string[];
  addedTokens: AddedToken[];
  normalizer: string | null;
  /** The pre-tokenizer as it stands, for recognising a known one. */
  preTokenizer: unknown;
};

/** The special tokens' names, from `tokenizer_config.json`; null where it names none. */
export type TokenizerConfig = {
  bosToken: string | null;
  eosToken: string | null;
  padToken: string | null;
  unkToken: string | null;
};

const MAX_ID = 1 << 24;
const id = z.number().int().min(0).max(MAX_ID);
const tokenizerSchema = z.looseObject({
  added_tokens: z
    .array(z.looseObject({ id, content: z.string().min(1), special: z.boolean().default(false) }))
    .default([]),
  normalizer: z.looseObject({ type: z.string() }).nullish(),
  pre_tokenizer: z.looseObject({ type: z.string() }).nullish(),
  model: z.looseObject({
    // Older files leave the type out; only BPE has both a vocabulary object and merges.
    type: z.string().default("BPE"),
    vocab: z.custom<Record<string, number>>(isVocabulary, "not an object of token ids"),
    unk_token: z.string().nullish(),
    continuing_subword_prefix: z.string().nullish(),
    end_of_word_suffix: z.string().nullish(),
    ignore_merges: z.boolean().nullish(),
    fuse_unk: z.boolean().nullish(),
    byte_fallback: z.boolean().nullish(),
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])),
  }),
});
const tokenName = z.union([z.string(), z.looseObject({ content: z.string() })]).nullish();
const configSchema = z.looseObject({
  bos_token: tokenName,
  eos_token: tokenName,
  pad_token: tokenName,
  unk_token: tokenName,
});

/**
 * The parts of a parsed `tokenizer.json` that we use.
 *
 * @throws {MalformedInput} a part is missing or of the wrong type
 * @throws {Unsupported} not byte-level BPE, the only kind of the models that we know
 */
export function parseTokenizerJson(json: unknown, stage: string): TokenizerJson {
  const path = "tokenizer.json";
  const kind = (json as { model?: { type?: unknown } } | null)?.model?.type;
  if (typeof kind === "string" && kind !== "BPE") {
    throw new Unsupported(
      `${stage} ${path}: model type "${printable(kind)}" is not BPE. Choose a base with a byte-level BPE tokenizer.`,
      { stage, path },
    );
  }
  const { model, ...rest } = parse(tokenizerSchema, json, stage, path);
  if (!JSON.stringify(rest.pre_tokenizer ?? null).includes('"ByteLevel"')) {
    throw new Unsupported(
      `${stage} ${path}: its BPE does not work on bytes. Choose a base with a byte-level BPE tokenizer.`,
      { stage, path },
    );
  }
  return {
    json: json as object,
    vocab: model.vocab,
    merges: model.merges.map((merge) => (typeof merge === "string" ? merge : merge.join(" "))),
    addedTokens: rest.added_tokens,
    normalizer: rest.normalizer?.type ?? null,
    preTokenizer: rest.pre_tokenizer ?? null,
  };
}

/** The parts of a parsed `tokenizer_config.json` that we use. */
export function parseTokenizerConfig(json: unknown, stage: string): TokenizerConfig {
  const config = parse(configSchema, json, stage, "tokenizer_config.json");
  return {
    bosToken: nameOf(config.bos_token),
    eosToken: nameOf(config.eos_token),
    padToken: nameOf(config.pad_token),
    unkToken: nameOf(config.unk_token),
  };
}

/** By hand: one object schema over 150,000 keys is slow, and copying would lose a token named `__proto__`. */
function isVocabulary(value: unknown): boolean {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  return Object.values(value).every((id) => Number.isInteger(id) && id >= 0 && id <= MAX_ID);
}

function nameOf(token: z.infer<typeof tokenName>): string | null {
  return typeof token === "string" ? token : (token?.content ?? null);
}

function parse<Schema extends z.ZodType>(
  schema: Schema,
  json: unknown,
  stage: string,
  path: string,
): z.infer<Schema> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  // Only the outer keys: the inner ones are vocabulary entries.
  const where = issue.path.slice(0, 2).join(".") || "value";
  throw new MalformedInput(`${stage} ${path}: ${where}: ${issue.message}. Fetch the model again.`, {
    stage,
    path,
  });
}
