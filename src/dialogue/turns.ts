import type { Message } from "../import/message.js";
import { stableId } from "../stable-id.js";
import type { Dialogue, Turn } from "./dialogue.js";
import type { Reason } from "./reasons.js";
import type { Session } from "./sessions.js";
import { cutStretches, type Stretch, type Ties } from "./stretches.js";
import { systemPromptFor } from "./system-prompt.js";
import type { DialogueSettings } from "./settings.js";

/** A dialogue that is on no side yet, and what it is made of. */
export type Piece = {
  dialogue: Omit<Dialogue, "split">;
  messages: Message[];
  /** The numbers of the sessions that its messages are of: its own, and that of a quoted message. */
  sessions: number[];
};

/** Messages that are left out for one reason. */
export type Dropped = { reason: Reason; messages: Message[]; contact: string };

/**
 * The dialogues in sessions, and what of these had to be left out.
 *
 * No message is learnt twice. One that the owner answers by a link opens the answer's dialogue even if it is in
 * another one too, and is in the ledger only if it is in none.
 *
 * @param protectText what is done to a system prompt that the settings make of names
 */
export function makeTurns(
  sessions: readonly Session[],
  ties: Ties,
  settings: Pick<DialogueSettings, "systemPrompt" | "systemPrompts">,
  protectText: (text: string) => string = (text) => text,
): { pieces: Piece[]; dropped: Dropped[] } {
  const pieces: Piece[] = [];
  const dropped: Dropped[] = [];
  const quoted = new Map<Message, Piece[]>();
  for (const [number, session] of sessions.entries()) {
    const { contact } = session;
    const drop = (reason: Reason, messages: Message[]): void => {
      if (messages.length > 0) dropped.push({ reason, messages, contact });
    };
    const { stretches, prompts, dropped: cut } = cutStretches(session, ties);
    for (const { message, reason } of cut) drop(reason, [message]);
    const owner = session.messages.find((message) => message.owner)?.sender ?? "";
    const made = systemPromptFor({ contact, owner }, settings);
    const told = typeof made === "string" ? protectText(made) : made;
    const carried = told === undefined ? prompts : [];
    const system = told ?? (carried.length > 0 ? carried.map(({ text }) => text).join("\n") : null);
    const before = pieces.length;
    for (const stretch of stretches) {
      const { leading, used, trailing } = trim(stretch);
      drop("leading-assistant", leading);
      drop("trailing-user", trailing);
      if (used.length === 0) continue;
      const piece = makePiece(contact, system, carried, used, number);
      pieces.push(piece);
      if (stretch.quoted) quoted.set(stretch.quoted, [...(quoted.get(stretch.quoted) ?? []), piece]);
    }
    if (told !== undefined) drop("system-replaced", prompts);
    else if (pieces.length === before) drop("system-without-dialogue", prompts);
  }
  addSessions(sessions, quoted);
  return { pieces, dropped: withoutQuoted(dropped, quoted) };
}

/** A stretch from its first question to its last answer, and what is before and after. */
function trim({ quoted, messages }: Stretch): { leading: Message[]; used: Message[]; trailing: Message[] } {
  const firstQuestion = quoted ? 0 : messages.findIndex(({ owner }) => !owner);
  const start = firstQuestion < 0 ? messages.length : firstQuestion;
  const end = Math.max(start, messages.findLastIndex(({ owner }) => owner) + 1);
  const used = messages.slice(start, end);
  return {
    leading: messages.slice(0, start),
    used: quoted ? [quoted, ...used] : used,
    trailing: messages.slice(end),
  };
}

function makePiece(
  contact: string,
  system: string | null,
  prompts: readonly Message[],
  messages: readonly Message[],
  session: number,
): Piece {
  const all = [...prompts, ...messages];
  const id = stableId(all.map((message) => message.id));
  const { time } = messages[0]!;
  return {
    messages: all,
    sessions: [session],
    dialogue: { id, contact, time, system, turns: joinSides(messages) },
  };
}

function joinSides(messages: readonly Message[]): Turn[] {
  const turns: Turn[] = [];
  for (const { owner, text: words, sender, group } of messages) {
    const role = owner ? "assistant" : "user";
    // In a group the model has to be told who speaks.
    const text = group && !owner && sender !== "" ? `${sender}: ${words}` : words;
    const last = turns.at(-1);
    if (last?.role === role) last.text += `\n${text}`;
    else turns.push({ role, text, origin: "real", weight: owner ? 1 : 0 });
  }
  return turns;
}

/** Adds to each piece that begins with a quoted message the session which that message is of. */
function addSessions(sessions: readonly Session[], quoted: ReadonlyMap<Message, readonly Piece[]>): void {
  if (quoted.size === 0) return;
  for (const [number, { messages }] of sessions.entries()) {
    for (const message of messages) {
      for (const piece of quoted.get(message) ?? []) {
        if (!piece.sessions.includes(number)) piece.sessions.push(number);
      }
    }
  }
}

function withoutQuoted(dropped: readonly Dropped[], quoted: ReadonlyMap<Message, unknown>): Dropped[] {
  if (quoted.size === 0) return [...dropped];
  return dropped
    .map((one) => ({ ...one, messages: one.messages.filter((message) => !quoted.has(message)) }))
    .filter(({ messages }) => messages.length > 0);
}
