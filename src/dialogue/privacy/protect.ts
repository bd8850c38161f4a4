import type { Message } from "../../import/message.js";
import { breathe, type Run } from "../../progress.js";
import { PRIVATE_PLACEHOLDERS, type PrivateKind } from "../../private-placeholders.js";
import type { LedgerEntry } from "../dialogue.js";
import type { Detector } from "./detector.js";
import { detectors } from "./detectors.js";
import { findPrivate, type Found, isFree, mayBePrivate } from "./find-private.js";
import { toHalfWidth } from "./half-width.js";
import { type Literal, Literals } from "./literals.js";
import { inCaseOf } from "./names/imagine-name.js";
import { INTRODUCTION, introducedNames } from "./names/introduced.js";
import { name } from "./names/name.js";
import { nameWords } from "./names/name-words.js";
import type { Policy } from "./policy.js";
import { pour } from "./pour.js";
import type { StandIns } from "./stand-ins.js";
import { Topics } from "./topics.js";

/** How much private data there was, by type, most first. Holds no words. */
export type PrivacyReport = {
  policy: Policy;
  /** Messages with any. */
  messages: number;
  kinds: { kind: PrivateKind; found: number; different: number; messages: number }[];
};

/** Messages that may be learnt from. */
export type Protection = {
  /** All messages in their order, private data replaced in texts and senders; those in `dropped` as they were. */
  messages: Message[];
  /** Ids of those to leave out; a dialogue must be cut where one was. */
  dropped: ReadonlySet<string>;
  /** A row for every message and type that was replaced. */
  ledger: LedgerEntry[];
  report: PrivacyReport;
  /** Any other text that a model is to see, such as a system prompt made of names, with the same replaced. */
  protectText: (text: string) => string;
};

/** A text with all that was found in it. */
type Marked = { message: Message; found: Found[] };

const byKind = new Map<PrivateKind, Pick<Detector, "kind" | "key" | "imagine">>(
  [...detectors, name].map((detector) => [detector.kind, detector]),
);
const byContext = new Set(detectors.filter((one) => one.byContext).map(({ kind }) => kind));
const BREATH = 20_000;
/** A secret shorter than this, found by what stood near it, is not sought elsewhere. */
const SHORTEST_SECRET = 6;

/**
 * Finds private data in messages and replaces it, or says which messages to leave out.
 *
 * Names are those of contacts, senders and the owner, and those by which somebody is introduced. A system prompt is
 * never left out: it is then masked.
 *
 * @param standIns gets those that are new; its file has to be written before what is returned
 */
export async function protect(
  messages: readonly Message[],
  { policy, standIns }: { policy: Policy; standIns: StandIns },
  run: Run = {},
): Promise<Protection> {
  if (policy === "off") {
    const report = { policy, messages: 0, kinds: [] };
    return { messages: [...messages], dropped: new Set(), ledger: [], report, protectText: (text) => text };
  }
  const marked = await markAll(messages, run);
  const literals = new Literals(wordsToFind(messages, marked, standIns));
  const all: Marked[] = [];
  for (const [index, message] of messages.entries()) {
    const found = withLiterals(message.text, marked.get(index) ?? [], literals);
    if (found.length > 0) all.push({ message, found });
  }
  if (policy === "stand-in")
    standIns.reserve(all.flatMap(({ message, found }) => originalsIn(message.text, found)));
  const chinese = isChinese(messages);
  const replace = (text: string, found: readonly Found[]) =>
    replaced(text, found, (kind, piece) =>
      policy === "stand-in" ? standInFor(kind, piece, standIns) : placeholderFor(kind, text, chinese),
    );
  const changed = new Map<string, string>();
  const dropped = new Set<string>();
  const ledger: LedgerEntry[] = [];
  for (const { message, found } of all) {
    if (policy === "drop" && message.kind !== "system-prompt") dropped.add(message.id);
    else {
      changed.set(message.id, replace(message.text, found));
      for (const kind of new Set(found.map(({ kind }) => kind))) {
        ledger.push({
          reason: `private-${kind}`,
          messageIds: [message.id],
          contact: message.contact,
          changed: true,
        });
      }
    }
  }
  const texts = new Map<string, string>();
  const protectText = (text: string): string => {
    const known = texts.get(text);
    if (known !== undefined) return known;
    const found = withLiterals(text, findPrivate(toHalfWidth(text), new Set()), literals);
    if (policy === "stand-in") standIns.reserve(originalsIn(text, found));
    const safe = replace(text, found);
    texts.set(text, safe);
    return safe;
  };
  return {
    messages: messages.map((message) => {
      const text = changed.get(message.id) ?? message.text;
      const sender = message.sender === "" ? "" : protectText(message.sender);
      return text === message.text && sender === message.sender ? message : { ...message, text, sender };
    }),
    dropped,
    ledger,
    report: count(all, policy),
    protectText,
  };
}

/** What the detectors find, by the place of the message. */
async function markAll(messages: readonly Message[], run: Run): Promise<Map<number, Found[]>> {
  const marked = new Map<number, Found[]>();
  const chats = new Map<string, Topics>();
  for (const [index, { contact, session, text, kind }] of messages.entries()) {
    if (index % BREATH === 0) {
      await breathe(run, {
        stage: "dialogue",
        done: index,
        total: messages.length,
        unit: "messages",
        note: "privacy",
      });
    }
    const chat = `${session ?? ""}\n${contact}`;
    let topics = chats.get(chat);
    if (!topics) chats.set(chat, (topics = new Topics()));
    const before = topics.next();
    const plain = toHalfWidth(text);
    if (!mayBePrivate(plain)) continue;
    const found = kind === "system-prompt" ? findPrivate(plain, new Set()) : findPrivate(plain, before);
    topics.note(plain);
    if (found.length > 0) marked.set(index, found);
  }
  return marked;
}

/** Names, and secrets that their surroundings told once. */
function wordsToFind(
  messages: readonly Message[],
  marked: ReadonlyMap<number, Found[]>,
  standIns: StandIns,
): Literal[] {
  const literals = new Map<string, Literal>();
  const add = (kind: PrivateKind, text: string, anyCase: boolean): void => {
    const key = anyCase ? text.toLowerCase() : text;
    if (!literals.has(key)) literals.set(key, { kind, text, anyCase });
  };
  const labels = new Set<string>();
  for (const { contact, group, sender, kind, text } of messages) {
    if (!group) labels.add(contact);
    labels.add(sender);
    if (kind === "contact-card") labels.add(text.replace(/^\[[^\]]*\]\s*/, ""));
    if (INTRODUCTION.test(text)) for (const one of introducedNames(text)) add("name", one, one.length > 2);
  }
  for (const label of labels) for (const word of nameWords(label)) add("name", word, word.length > 2);
  for (const word of standIns.originals("name")) add("name", word, true);
  for (const [index, found] of marked) {
    const plain = toHalfWidth(messages[index]!.text);
    for (const { kind, start, end } of found) {
      const secret = plain.slice(start, end);
      if (byContext.has(kind) && secret.length >= SHORTEST_SECRET && /\d/.test(secret))
        add(kind, secret, false);
    }
  }
  return [...literals.values()];
}

function withLiterals(text: string, found: readonly Found[], literals: Literals): Found[] {
  const more = literals.find(toHalfWidth(text)).filter((one) => isFree(one, found));
  return more.length === 0 ? [...found] : [...found, ...more].sort((a, b) => a.start - b.start);
}

/** What was found, each in its standard form. */
function originalsIn(text: string, found: readonly Found[]): string[] {
  return found.map(({ kind, start, end }) => byKind.get(kind)!.key(toHalfWidth(text.slice(start, end))));
}

function replaced(
  text: string,
  found: readonly Found[],
  by: (kind: PrivateKind, piece: string) => string,
): string {
  let result = "";
  let at = 0;
  for (const { kind, start, end } of found) {
    result += text.slice(at, start) + by(kind, text.slice(start, end));
    at = end;
  }
  return result + text.slice(at);
}

function standInFor(kind: PrivateKind, piece: string, standIns: StandIns): string {
  const standIn = standIns.of(byKind.get(kind)!, toHalfWidth(piece));
  return kind === "name" ? inCaseOf(piece, standIn) : pour(piece, standIn);
}

/** In the language of the text, or of the chats where it has none. */
function placeholderFor(kind: PrivateKind, text: string, chinese: boolean): string {
  const { zh, en } = PRIVATE_PLACEHOLDERS[kind];
  if (/\p{Script=Han}/u.test(text)) return zh;
  return /[A-Za-z]{3}/.test(text) ? en : chinese ? zh : en;
}

/** Whether most of the first messages have Chinese in them. */
function isChinese(messages: readonly Message[]): boolean {
  const some = messages.slice(0, 500);
  return some.filter(({ text }) => /\p{Script=Han}/u.test(text)).length * 2 > some.length;
}

function count(all: readonly Marked[], policy: Policy): PrivacyReport {
  const kinds = new Map<PrivateKind, { found: number; originals: Set<string>; messages: number }>();
  for (const { message, found } of all) {
    const seen = new Set<PrivateKind>();
    for (const { kind, start, end } of found) {
      const counts = kinds.get(kind) ?? { found: 0, originals: new Set<string>(), messages: 0 };
      kinds.set(kind, counts);
      counts.found += 1;
      counts.originals.add(byKind.get(kind)!.key(toHalfWidth(message.text.slice(start, end))));
      if (!seen.has(kind)) counts.messages += 1;
      seen.add(kind);
    }
  }
  return {
    policy,
    messages: all.length,
    kinds: [...kinds]
      .map(([kind, { found, originals, messages }]) => ({ kind, found, different: originals.size, messages }))
      .sort((a, b) => b.found - a.found || (a.kind < b.kind ? -1 : 1)),
  };
}
