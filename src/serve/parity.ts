import type { LoadedModel, OllamaHost } from "../engines/ports.js";
import type { Codec } from "../formats/template/codec.js";
import { encodePrompt, renderPrompt, stopIds } from "../formats/template/encode.js";
import { marks, type Piece } from "../formats/template/chat-template.js";
import type { Run } from "../progress.js";

/** A moment of a held-out dialogue; the last turn is the user's. */
export type ParityPrompt = {
  id: string;
  system: string | null;
  turns: readonly { role: "user" | "assistant"; text: string }[];
};

/** Where two ways to token ids part; -1 is the end of the shorter. */
export type Drift = {
  promptId: string;
  /** Which way differs from training. */
  by: "our GGUF" | "Ollama's tokenizer" | "Ollama's template" | "Ollama's text";
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
/** Nats by which our model may prefer its own token where the two part: other kernels round otherwise. */
const NEAR_TIE = 0.1;

/**
 * Holds an Ollama's model against training and against the same file in this process: the ids of every prompt, and the
 * first tokens of the most likely reply.
 *
 * An Ollama that tells no ids is asked for the text that its model sees.
 */
export async function checkParity(
  about: { ollama: OllamaHost; name: string; model: LoadedModel; codec: Codec },
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
    const drift = await findDrift(about, prompt, run);
    if (drift) parity.drifts.push(drift);
    const agreement = await compareFirstTokens(about, prompt, run);
    if (agreement === "same") parity.agreeing += 1;
    else if (agreement === "near-tie") parity.nearTies += 1;
    else parity.parting.push(prompt.id);
  }
  return parity;
}

async function findDrift(
  { ollama, name, model, codec }: Parameters<typeof checkParity>[0],
  prompt: ParityPrompt,
  run: Run,
): Promise<Drift | undefined> {
  const { tokenizer, template } = codec;
  const { id: promptId, system } = prompt;
  const turns = prompt.turns.map((turn) => ({ ...turn, weight: 0 }));
  const conversation = { system, turns };
  const ids = encodePrompt(tokenizer, template, conversation);
  const text = joined(renderPrompt(template, conversation));
  const drift = (by: Drift["by"], expected: readonly number[], found: readonly number[]) => {
    const at = firstDifference(expected, found);
    if (at === undefined) return undefined;
    return { promptId, by, position: at, expected: expected[at] ?? -1, found: found[at] ?? -1 };
  };

  const ours = drift("our GGUF", ids, model.tokenize(text, true));
  if (ours) return ours;

  const begin = joined(template.begin);
  const messages = [
    ...(system === null ? [] : [{ role: "system" as const, content: system }]),
    ...prompt.turns.map(({ role, text }) => ({ role, content: text })),
  ];
  const rendered = await ollama.renderChat(name, messages, run);
  const open = text.slice(begin.length);
  if (rendered !== null && rendered !== open) {
    return drift("Ollama's text", ids, model.tokenize(begin + rendered, true)) ?? parting(promptId, -1, -1);
  }

  // Its context holds no begin token, and the reply's ids as its text gives them.
  const whole = await ollama.continueText(name, open, 1, run);
  if (whole.context !== null) {
    const expected = model.tokenize(open + whole.text, true);
    const found = drift("Ollama's tokenizer", expected, whole.context);
    if (found) return found;
  }
  const last = prompt.turns.at(-1)!;
  const single = await ollama.generate(name, { system, user: last.text }, 1, run);
  if (single.context !== null) {
    const one = joined(renderPrompt(template, { system, turns: [{ ...last, weight: 0 }] }));
    const expected = model.tokenize(one.slice(begin.length) + single.text, true);
    const found = drift("Ollama's template", expected, single.context);
    if (found) return found;
  }
  // Counts the begin token too: one that is written twice, or not at all, is seen here.
  const { promptTokens } = await ollama.chat(name, messages, 1, run);
  return promptTokens === ids.length ? undefined : parting(promptId, ids.length, promptTokens);
}

/** Where only the number of tokens is known to differ. */
function parting(promptId: string, expected: number, found: number): Drift {
  return { promptId, by: "Ollama's template", position: -1, expected, found };
}

async function compareFirstTokens(
  { ollama, name, model, codec }: Parameters<typeof checkParity>[0],
  prompt: ParityPrompt,
  run: Run,
): Promise<"same" | "near-tie" | "different"> {
  const { tokenizer, template } = codec;
  const turns = prompt.turns.map((turn) => ({ ...turn, weight: 0 }));
  const conversation = { system: prompt.system, turns };
  const ids = encodePrompt(tokenizer, template, conversation);
  const sampling = { temperature: 0, topP: 1, repeatPenalty: 1, maxTokens: FIRST_TOKENS, seed: 1 };
  const ours = await model.generate(ids, stopIds(tokenizer, template), sampling, run);
  const text = joined(renderPrompt(template, conversation)).slice(joined(template.begin).length);
  const theirs = await ollama.continueText(name, text, FIRST_TOKENS, run);
  if (wholeCharacters(tokenizer.decode(ours.ids)) === wholeCharacters(theirs.text)) return "same";
  const end = tokenizer.specialId(template.assistant.after[0]!.text);
  const [mine, other] = [
    [...ours.ids, ...(ours.ended === "end" ? [end] : [])],
    [...tokenizer.encode(theirs.text), end],
  ];
  const at = firstDifference(mine, other);
  if (at === undefined || at >= mine.length) return "same";
  const common = [...ids, ...mine.slice(0, at)];
  const [preferred] = await model.score(common, [mine[at]!], run);
  const [instead] = await model.score(common, [other[at]!], run);
  return preferred! - instead! <= NEAR_TIE ? "near-tie" : "different";
}

/** A reply that was cut may end inside a character. */
function wholeCharacters(text: string): string {
  return text.replace(/\uFFFD+$/, "");
}

function firstDifference(a: readonly number[], b: readonly number[]): number | undefined {
  const at = a.findIndex((id, index) => id !== b[index]);
  if (at !== -1) return at;
  return a.length === b.length ? undefined : a.length;
}

function joined(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join("");
}
