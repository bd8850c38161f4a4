import type { LoadedModel, OllamaHost, OllamaReply } from "../engines/ports.js";
import type { Codec } from "../formats/template/codec.js";
import { type Conversation, encodePrompt, renderPrompt, stopIds } from "../formats/template/encode.js";
import { marks, textOf } from "../formats/template/chat-template.js";
import type { Tokenizer } from "../formats/tokenizer/tokenizer.js";
import type { Run } from "../progress.js";

/** A moment of a held-out dialogue; the last turn is the user's. */
export type ParityPrompt = {
  id: string;
  system: string | null;
  turns: readonly { role: "user" | "assistant"; text: string }[];
};

/**
 * Where two ways to token ids part: the position and both ids, -1 past the end of the shorter; or position -1 and how
 * many tokens there are, where no ids are told.
 */
export type Drift = {
  promptId: string;
  /** Which way differs from training. */
  by: "our GGUF" | "Ollama's tokenizer" | "Ollama's template";
  position: number;
  expected: number;
  found: number;
};

/** How far an Ollama's model is the one that was trained. */
export type Parity = {
  model: string;
  prompts: number;
  /** Prompts in which somebody typed a mark of the template, which no server can tell from a real one. */
  leftOut: number;
  drifts: Drift[];
  /** Prompts after which the first tokens are the same, and those where they part at a near-tie. */
  agreeing: number;
  nearTies: number;
  /** Ids of the prompts whose first tokens part otherwise. */
  parting: string[];
};

/** Tokens of each reply that are compared. */
const FIRST_TOKENS = 8;
/**
 * Nats by which our model may prefer its own token where the two part. Another build of llama.cpp adds up in another
 * order, and where weights are quantized, activations are rounded to 8 bits, so that the least difference grows: of one
 * token's score up to 0.012 with F16 and 0.42 with Q4_K_M between builds of one release (docs/decisions/inference.md).
 */
const NEAR_TIE = { float: 0.05, quantized: 0.6 };

/**
 * Holds an Ollama's model against training and against the same file in this process: the ids of every prompt, and the
 * first tokens of the most likely reply.
 *
 * An Ollama that tells no ids is asked for the text that its model sees.
 */
export async function checkParity(
  about: {
    ollama: OllamaHost;
    name: string;
    model: LoadedModel;
    /** Whether the model's file is. */
    quantized: boolean;
    codec: Codec;
  },
  prompts: readonly ParityPrompt[],
  run: Run = {},
): Promise<Parity> {
  const { name, codec } = about;
  const special = marks(codec.template);
  const clean = prompts.filter(({ system, turns }) =>
    [system ?? "", ...turns.map(({ text }) => text)].every(
      (text) => !special.some((mark) => text.includes(mark)),
    ),
  );
  const parity: Parity = {
    model: name,
    prompts: clean.length,
    leftOut: prompts.length - clean.length,
    drifts: [],
    agreeing: 0,
    nearTies: 0,
    parting: [],
  };
  for (const [done, prompt] of clean.entries()) {
    run.signal?.throwIfAborted();
    run.onProgress?.({
      stage: "serve",
      done,
      total: clean.length,
      unit: "prompts",
      note: `checking ${name}`,
    });
    const { drift, agreement } = await checkPrompt(about, prompt, run);
    if (drift) parity.drifts.push(drift);
    if (agreement === "same") parity.agreeing += 1;
    else if (agreement === "near-tie") parity.nearTies += 1;
    else parity.parting.push(prompt.id);
  }
  return parity;
}

type Agreement = "same" | "near-tie" | "different";

async function checkPrompt(
  about: Parameters<typeof checkParity>[0],
  prompt: ParityPrompt,
  run: Run,
): Promise<{ drift: Drift | undefined; agreement: Agreement }> {
  const { tokenizer, template } = about.codec;
  const conversation = conversationOf(prompt.system, prompt.turns);
  const ids = encodePrompt(tokenizer, template, conversation);
  const text = textOf(renderPrompt(template, conversation)).slice(textOf(template.begin).length);
  const theirs = await about.ollama.continueText(about.name, text, FIRST_TOKENS, run);
  return {
    drift: await findDrift(about, prompt, { ids, text, theirs }, run),
    agreement: await compareFirstTokens(about, ids, theirs.text, run),
  };
}

/** What a prompt is in training, without its begin token where it is text, and how Ollama goes on with that text. */
type Rendered = { ids: number[]; text: string; theirs: OllamaReply };

async function findDrift(
  { ollama, name, model, codec }: Parameters<typeof checkParity>[0],
  prompt: ParityPrompt,
  { ids, text, theirs }: Rendered,
  run: Run,
): Promise<Drift | undefined> {
  const { template } = codec;
  const { id: promptId, system, turns } = prompt;
  const begin = textOf(template.begin);
  const drift = (by: Drift["by"], expected: readonly number[], found: readonly number[]) => {
    const at = firstDifference(expected, found);
    if (at === undefined) return undefined;
    return { promptId, by, position: at, expected: expected[at] ?? -1, found: found[at] ?? -1 };
  };
  // Its context holds no begin token, and the reply's ids as its text gives them.
  const ofContext = (by: Drift["by"], prompt: string, { text, context }: OllamaReply) =>
    context === null ? undefined : drift(by, model.tokenize(prompt + text, true), context);

  const local =
    drift("our GGUF", ids, model.tokenize(begin + text, true)) ??
    ofContext("Ollama's tokenizer", text, theirs);
  if (local) return local;

  const messages = [
    ...(system === null ? [] : [{ role: "system" as const, content: system }]),
    ...turns.map(({ role, text }) => ({ role, content: text })),
  ];
  const rendered = await ollama.renderChat(name, messages, run);
  if (rendered !== null && rendered !== text) {
    const found = model.tokenize(begin + rendered, true);
    return drift("Ollama's template", ids, found) ?? countDrift(promptId, ids.length, found.length);
  }
  const last = turns.at(-1)!;
  const single = await ollama.generate(name, { system, user: last.text }, 1, run);
  const one = textOf(renderPrompt(template, conversationOf(system, [last]))).slice(begin.length);
  const found = ofContext("Ollama's template", one, single);
  if (found) return found;
  // Counts the begin token too: one that is written twice, or not at all, is seen here.
  const { promptTokens } = await ollama.chat(name, messages, 1, run);
  return promptTokens === ids.length ? undefined : countDrift(promptId, ids.length, promptTokens);
}

/** Where the number of tokens is all that is known to differ. */
function countDrift(promptId: string, expected: number, found: number): Drift {
  return { promptId, by: "Ollama's template", position: -1, expected, found };
}

async function compareFirstTokens(
  { model, quantized, codec: { tokenizer, template } }: Parameters<typeof checkParity>[0],
  ids: readonly number[],
  theirs: string,
  run: Run,
): Promise<Agreement> {
  const sampling = { temperature: 0, topP: 1, repeatPenalty: 1, maxTokens: FIRST_TOKENS, seed: 1 };
  const ours = await model.generate(ids, stopIds(tokenizer, template), sampling, run);
  // Of Ollama's reply only the text is known, and where it was cut inside a character, not all of that.
  const known = wholeCharacters(theirs);
  if (wholeCharacters(tokenizer.decode(ours.ids)) === known) return "same";
  const common: number[] = [];
  let rest = Buffer.from(known);
  for (const id of ours.ids) {
    const bytes = Buffer.from(tokenizer.bytesOf(id));
    if (!startsWith(rest, bytes)) break;
    common.push(id);
    rest = rest.subarray(bytes.length);
  }
  const isCut = known !== theirs || (common.length === ours.ids.length && ours.ended === "length");
  if (rest.length === 0 && isCut) return "same";
  const end = tokenizer.specialId(template.assistant.after[0]!.text);
  const preferred = ours.ids[common.length] ?? end;
  const instead = rest.length === 0 ? [end] : beginnings(rest, tokenizer);
  const prompt = [...ids, ...common];
  const scoreOf = async (id: number) => (await model.score(prompt, [id], run))[0]!;
  const least = (await scoreOf(preferred)) - NEAR_TIE[quantized ? "quantized" : "float"];
  for (const id of instead) if ((await scoreOf(id)) >= least) return "near-tie";
  return "different";
}

/** Tokens that a text in UTF-8 may begin with. */
function beginnings(text: Buffer, tokenizer: Tokenizer): number[] {
  const ids = Array.from({ length: tokenizer.vocabularySize }, (_, id) => id);
  return ids.filter((id) => {
    const bytes = Buffer.from(tokenizer.bytesOf(id));
    return bytes.length > 0 && startsWith(text, bytes);
  });
}

/** A reply that was cut may end inside a character. */
function wholeCharacters(text: string): string {
  return text.replace(/\uFFFD+$/, "");
}

function startsWith(text: Buffer, beginning: Buffer): boolean {
  return text.subarray(0, beginning.length).equals(beginning);
}

function firstDifference(a: readonly number[], b: readonly number[]): number | undefined {
  const at = a.findIndex((id, index) => id !== b[index]);
  if (at !== -1) return at;
  return a.length === b.length ? undefined : a.length;
}

function conversationOf(system: string | null, turns: ParityPrompt["turns"]): Conversation {
  return { system, turns: turns.map((turn) => ({ ...turn, weight: 0 })) };
}
