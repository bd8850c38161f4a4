import { Unsupported } from "../../errors.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";

/** A stretch of a rendered conversation: a special token or plain text, and its weight as a target of the loss. */
export type Piece = { text: string; special: boolean; weight: number };

/** Pieces as one text, special tokens by their names. */
export function textOf(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join("");
}

/**
 * How a conversation is written for a model: the one definition that training, scoring, chatting, the GGUF's own
 * template and the Modelfile share.
 */
export type ChatTemplate = {
  id: "chatml" | "deepseek3";
  /** Written once at the start. */
  begin: Piece[];
  system: { before: Piece[]; after: Piece[] };
  user: { before: Piece[]; after: Piece[] };
  /** `before` is also the opener after which a reply is generated; the first piece of `after` ends a reply. */
  assistant: { before: Piece[]; after: Piece[] };
  /** Special tokens at which generation stops, where the tokenizer has them. */
  stops: string[];
  /** The same layout in Jinja, for `tokenizer.chat_template`. */
  jinja: string;
};

const mark = (text: string): Piece => ({ text, special: true, weight: 0 });
const plain = (text: string): Piece => ({ text, special: false, weight: 0 });

const chatmlTurn = (role: string) => ({
  before: [mark("<|im_start|>"), plain(`${role}\n`)],
  after: [mark("<|im_end|>"), plain("\n")],
});

/**
 * SmolLM2, Qwen2.5 and, without any thinking markup, Qwen3: LLaMA-Factory's `qwen3_nothink`. No default system text:
 * their own templates add one that the person never wrote.
 */
const CHATML: ChatTemplate = {
  id: "chatml",
  begin: [],
  system: chatmlTurn("system"),
  user: chatmlTurn("user"),
  assistant: chatmlTurn("assistant"),
  stops: ["<|im_end|>", "<|im_start|>", "<|endoftext|>"],
  jinja:
    "{% for message in messages %}{{ '<|im_start|>' }}{{ message['role'] }}{{ '\\n' }}{{ message['content'] | trim }}" +
    "{{ '<|im_end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
};

/**
 * DeepSeek-R1 distills, without any thinking markup: a person's reply begins right after the opener.
 *
 * @source LLaMA-Factory 0.9.5, template `deepseek3`
 */
const DEEPSEEK3: ChatTemplate = {
  id: "deepseek3",
  begin: [mark("<｜begin▁of▁sentence｜>")],
  system: { before: [], after: [] },
  user: { before: [mark("<｜User｜>")], after: [] },
  assistant: { before: [mark("<｜Assistant｜>")], after: [mark("<｜end▁of▁sentence｜>")] },
  stops: ["<｜end▁of▁sentence｜>", "<｜begin▁of▁sentence｜>", "<｜User｜>", "<｜Assistant｜>"],
  jinja:
    "{{ bos_token }}{% for message in messages %}{% if message['role'] == 'user' %}{{ '<｜User｜>' }}" +
    "{{ message['content'] | trim }}{% elif message['role'] == 'assistant' %}{{ '<｜Assistant｜>' }}" +
    "{{ message['content'] | trim }}{{ '<｜end▁of▁sentence｜>' }}{% else %}{{ message['content'] | trim }}{% endif %}" +
    "{% endfor %}{% if add_generation_prompt %}{{ '<｜Assistant｜>' }}{% endif %}",
};

/** The templates we know; DeepSeek first, as its vocabulary is Qwen's and might keep Qwen's marks. */
export const CHAT_TEMPLATES: readonly ChatTemplate[] = [DEEPSEEK3, CHATML];

/** The template all of whose special tokens exist, if there is one. */
export function findTemplate(hasSpecial: (token: string) => boolean): ChatTemplate | undefined {
  return CHAT_TEMPLATES.find((template) => marks(template).every(hasSpecial));
}

/**
 * The template whose special tokens a tokenizer has.
 *
 * @throws {Unsupported} it has those of none; the message lists them
 */
export function templateFor(tokenizer: Pick<Tokenizer, "hasSpecial">, stage: string): ChatTemplate {
  const found = findTemplate((token) => tokenizer.hasSpecial(token));
  if (found) return found;
  const known = CHAT_TEMPLATES.map((template) => `${template.id} (${marks(template).join(" ")})`).join(", ");
  const path = "tokenizer.json";
  throw new Unsupported(
    `${stage} ${path}: has the special tokens of no chat template that we know: ${known}. Choose a chat model as base.`,
    { stage, path },
  );
}

/** The special tokens that a template writes. */
export function marks(template: ChatTemplate): string[] {
  const { begin, system, user, assistant } = template;
  const pieces = [begin, ...[system, user, assistant].flatMap(({ before, after }) => [before, after])].flat();
  return [...new Set(pieces.filter(({ special }) => special).map(({ text }) => text))];
}
