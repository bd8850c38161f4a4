import { ValueScanner } from "./scan-json-value.js";

/** The first keys of an object, by which others of its kind are known; empty for what is none. */
export type Shape = readonly string[];

/** How many keys tell a kind: one alone, such as `type`, stands in objects within it, too. */
export const TELLING_KEYS = 2;
/** What stands under the first key is an id, a date or a name. */
const MAX_FIRST_VALUE = 1024;

/** The shape of a value. */
export function shapeOf(value: unknown): Shape {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.keys(value).slice(0, TELLING_KEYS);
}

/**
 * The first place from `from` on where an element of a list starts that has one of the shapes.
 *
 * The text may be damaged before it. Only what follows a comma or an opening bracket is an element.
 */
export function findElement(
  text: string,
  from: number,
  shapes: readonly Shape[],
): { at: number; shape: number } | undefined {
  for (let at = text.indexOf("{", from); at !== -1; at = text.indexOf("{", at + 1)) {
    let before = at - 1;
    while (before >= 0 && isSpace(text.charCodeAt(before))) before -= 1;
    if (before >= 0 && text[before] !== "," && text[before] !== "[" && text[before] !== "}") continue;
    const shape = shapes.findIndex((one) => one.length > 0 && startsLike(text, at, one));
    if (shape !== -1) return { at, shape };
  }
  return undefined;
}

function startsLike(text: string, brace: number, shape: Shape): boolean {
  let at = brace;
  for (const [index, key] of shape.entries()) {
    at = skipSpace(text, at + 1);
    const written = JSON.stringify(key);
    if (!text.startsWith(written, at)) return false;
    at = skipSpace(text, at + written.length);
    if (text[at] !== ":") return false;
    if (index === shape.length - 1) return true;
    at = skipSpace(text, skipValue(text, skipSpace(text, at + 1)));
    if (text[at] !== ",") return false;
  }
  return false;
}

/** Where a short value ends; the end of the text if it is not short. */
function skipValue(text: string, at: number): number {
  const near = text.slice(at, at + MAX_FIRST_VALUE);
  const scanner = new ValueScanner();
  scanner.start(near.charCodeAt(0));
  const end = scanner.scan(near, 0);
  return end === -1 ? text.length : at + end;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

/** Space as JSON has it. */
export function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}
