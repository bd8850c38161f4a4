import type { ChatFile } from "../sources/source.js";
import type { Remark } from "./json.js";
import { readText } from "./text.js";

/** The text of one object in a list, and its number from 1. */
export type ListedObject = { kind: "object"; text: string; number: number };

/** How much of the text before the list is kept, for a declaration that lies across two pieces. */
const KEPT = 200;

/**
 * The objects of the list that a script within a page gives a name, `const chatMessages = [{…}, {…}]`, as texts one
 * by one. Only brackets and quotation marks are looked at: whether an object is sound is for who parses it.
 *
 * A list that does not end gives what is left of it as its last object; a page without the list, a problem.
 *
 * @param start how the program starts each object, where it does not escape quotation marks: one too many makes one
 *   object out of all that follow, unless they are parted there
 */
export async function* readListedObjects(
  file: ChatFile,
  name: string,
  start: string,
): AsyncIterable<ListedObject | Remark> {
  const declaration = new RegExp(`(?:const|let|var)\\s+${name}\\s*=\\s*\\[`);
  const objects = new ObjectSplitter(start);
  let before: string | undefined = "";
  let number = 0;
  for await (const piece of readText(file)) {
    if (piece.kind !== "text") {
      yield piece;
      continue;
    }
    let { text } = piece;
    if (before !== undefined) {
      before += text;
      const found = declaration.exec(before);
      if (!found) {
        before = before.slice(-KEPT);
        continue;
      }
      text = before.slice(found.index + found[0].length);
      before = undefined;
    }
    for (const object of objects.push(text)) yield { kind: "object", text: object, number: (number += 1) };
    if (objects.ended) return;
  }
  if (before !== undefined) yield { kind: "problem", place: "the file", what: `holds no list ${name}` };
  else if (objects.rest !== "") yield { kind: "object", text: objects.rest, number: number + 1 };
}

/** Parts the text of a list, which comes in pieces, into its objects. */
class ObjectSplitter {
  /** Whether the list's closing bracket has come. */
  ended = false;
  /** What has come of the object that is not whole yet. */
  rest = "";
  #at = 0;
  #depth = 0;
  #quote = "";
  readonly #objectStart: string;

  constructor(objectStart: string) {
    this.#objectStart = objectStart;
  }

  push(piece: string): string[] {
    const text = this.rest + piece;
    const objects: string[] = [];
    let start = 0;
    let at = this.#at;
    for (; at < text.length; at += 1) {
      const character = text[at]!;
      if (character === "{" && this.#depth > 0 && this.#startsAnew(text, at)) {
        objects.push(text.slice(start, at).replace(/,\s*$/, ""));
        start = at;
        this.#depth = 1;
        this.#quote = "";
      } else if (this.#quote !== "") {
        if (character === "\\") at += 1;
        else if (character === this.#quote) this.#quote = "";
      } else if (character === "'" || character === '"' || character === "`") this.#quote = character;
      else if (character === "{" || character === "[") {
        if (this.#depth === 0) start = at;
        this.#depth += 1;
      } else if (character === "}" || character === "]") {
        if (this.#depth === 0) {
          this.ended = true;
          this.rest = "";
          return objects;
        }
        this.#depth -= 1;
        if (this.#depth === 0) {
          objects.push(text.slice(start, at + 1));
          start = at + 1;
        }
      }
    }
    this.rest = this.#depth === 0 ? "" : text.slice(start);
    this.#at = this.#depth === 0 ? 0 : at - start;
    if (this.#depth === 0) this.#quote = "";
    return objects;
  }

  /** Whether an object starts where none can, behind what looks like the end of one. */
  #startsAnew(text: string, at: number): boolean {
    return text.startsWith(this.#objectStart, at) && /\},\s*$/.test(text.slice(Math.max(0, at - 8), at));
  }
}
