import { parseJson } from "../files.js";

/** A turn as a model gave it. */
export type Answered = { role: "user" | "assistant"; text: string };

const ROLES: Readonly<Record<string, Answered["role"]>> = {
  user: "user",
  human: "user",
  assistant: "assistant",
  gpt: "assistant",
};

/** Longer answers are no chat; they are not even parsed. */
const MAX_CHARACTERS = 100_000;

/**
 * The list of turns in a model's answer. A fence around it, words before and after, and an object that holds the list
 * are tolerated; so is a thought in think tags before it.
 *
 * @returns what is wrong, as a phrase in English, if there is no such list
 */
export function parseAnswer(answer: string): Answered[] | string {
  const list = parseList(answer);
  if (typeof list === "string") return list;
  const turns: Answered[] = [];
  for (const [index, item] of list.entries()) {
    const { role, content } = (item ?? {}) as { role?: unknown; content?: unknown };
    const known = typeof role === "string" ? ROLES[role.toLowerCase()] : undefined;
    if (!known) return `item ${index + 1} has no role of user or assistant`;
    if (typeof content !== "string" || content.trim() === "") return `item ${index + 1} has no content`;
    turns.push({ role: known, text: content.replaceAll("\r\n", "\n").trim() });
  }
  return turns;
}

/** The items of the JSON list in an answer, or what is wrong. */
export function parseList(answer: string): unknown[] | string {
  if (answer.length > MAX_CHARACTERS) return "it is far too long";
  const whole = firstList(answer.replace(/^[\s\S]*<\/think>/, ""));
  if (whole === undefined) return "it holds no JSON list";
  let list: unknown;
  try {
    list = parseJson(whole, "augment", "answer");
  } catch {
    return "its list is not valid JSON";
  }
  return Array.isArray(list) && list.length > 0 ? (list as unknown[]) : "its list is empty";
}

/** The first list of objects, or else the first list at all: an emoji such as `[玫瑰]` in words before it is none. */
function firstList(text: string): string | undefined {
  const start = /\[\s*\{/.exec(text)?.index ?? text.indexOf("[");
  if (start < 0) return undefined;
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at]!;
    if (quoted) {
      if (character === "\\") at += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === "[" || character === "{") depth += 1;
    else if (character === "]" || character === "}") {
      depth -= 1;
      if (depth === 0) return text.slice(start, at + 1);
    }
  }
  // Cut off; what is wrong with it shows when it is parsed.
  return text.slice(start);
}
