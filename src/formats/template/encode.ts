import type { Turn } from "../../dialogue/dialogue.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import type { ChatTemplate, Piece } from "./chat-template.js";

/** A conversation to write: the system text, if any, and the turns; `weight` counts for assistant turns only. */
export type Conversation = {
  system: string | null;
  turns: readonly Pick<Turn, "role" | "text" | "weight">[];
};

/** Token ids, and for each its weight as a target of the loss. Both have the same length. */
export type EncodedDialogue = { ids: number[]; weights: number[] };

/**
 * A conversation as pieces, in order. Contents are trimmed, so that a space at their ends cannot join a neighbour's
 * token; an assistant turn's content and its end token carry the turn's weight, everything else 0.
 */
export function render(template: ChatTemplate, conversation: Conversation): Piece[] {
  const { system, turns } = conversation;
  const pieces = [...template.begin];
  if (system !== null) pieces.push(...wrap(template.system, system, 0));
  for (const { role, text, weight } of turns) {
    pieces.push(...wrap(template[role], text, role === "assistant" ? weight : 0));
  }
  return pieces;
}

/** As `render`, and then the assistant's opener, after which the model goes on. */
export function renderPrompt(template: ChatTemplate, conversation: Conversation): Piece[] {
  return [...render(template, conversation), ...template.assistant.before];
}

/** A whole conversation as ids with loss weights. */
export function encodeDialogue(
  tokenizer: Tokenizer,
  template: ChatTemplate,
  conversation: Conversation,
): EncodedDialogue {
  const ids: number[] = [];
  const weights: number[] = [];
  for (const piece of render(template, conversation)) {
    for (const id of encodePiece(tokenizer, piece)) {
      ids.push(id);
      weights.push(piece.weight);
    }
  }
  return { ids, weights };
}

/** A conversation as ids up to the point where the assistant's reply begins. */
export function encodePrompt(
  tokenizer: Tokenizer,
  template: ChatTemplate,
  conversation: Conversation,
): number[] {
  return renderPrompt(template, conversation).flatMap((piece) => encodePiece(tokenizer, piece));
}

/** Ids of a text that stands alone, after the marks that every conversation begins with; those it has already stay. */
export function asItBegins(tokenizer: Tokenizer, { begin }: ChatTemplate, ids: readonly number[]): number[] {
  const marks = begin.flatMap((piece) => encodePiece(tokenizer, piece));
  return marks.every((mark, at) => ids[at] === mark) ? [...ids] : [...marks, ...ids];
}

/** A reply as ids, as `encodeDialogue` writes it: its content, then the end token. */
export function encodeReply(tokenizer: Tokenizer, template: ChatTemplate, text: string): number[] {
  return [...tokenizer.encode(text.trim()), tokenizer.specialId(template.assistant.after[0]!.text)];
}

/** The ids at which generation stops. */
export function stopIds(tokenizer: Tokenizer, template: ChatTemplate): number[] {
  const ids = template.stops
    .filter((token) => tokenizer.hasSpecial(token))
    .map((token) => tokenizer.specialId(token));
  if (tokenizer.eosId !== null) ids.push(tokenizer.eosId);
  return [...new Set(ids)];
}

function wrap({ before, after }: ChatTemplate["user"], text: string, weight: number): Piece[] {
  const [end, ...rest] = after;
  return [
    ...before,
    { text: text.trim(), special: false, weight },
    ...(end ? [{ ...end, weight }] : []),
    ...rest,
  ];
}

/** The ids of one piece. */
export function encodePiece(tokenizer: Tokenizer, { text, special }: Piece): number[] {
  return special ? [tokenizer.specialId(text)] : tokenizer.encode(text);
}
