import { type JsonPath, PathPatterns } from "./path-patterns.js";
import { parseValue } from "./parse-value.js";
import { ValueScanner } from "./scan-json-value.js";
import { findElement, isSpace, type Shape, shapeOf, TELLING_KEYS } from "./starts-like.js";

/** A value that was named whole, or what is wrong at a place of the document, in characters. */
export type SplitValue = { path: JsonPath; value: unknown } | { broken: string; path: JsonPath; at: number };

/** One value is a message, or stands beside messages; the largest known, a list of avatars, has some 10 MB. */
const MAX_CHARACTERS = 64 * 2 ** 20;
/** So far the end of a broken value is sought; behind that, only the start of another one helps. */
const MAX_BROKEN_CHARACTERS = 2 ** 20;
/** How many characters may be gone through again; a file that needs more is none that a person would want. */
const MAX_RESCANNED_CHARACTERS = 64 * 2 ** 20;

const NOT_JSON = "not JSON";
const LOST = "not JSON; nothing from there on was read";

/** What is expected next, or being gone through. */
type State = "value" | "key" | "colon" | "after" | "scan" | "too long" | "lost" | "done" | "stopped";

/** An array or object that is walked through, and where in it. */
type Frame = { list: boolean; path: JsonPath; patterns: PathPatterns; key: string | number };

/**
 * Splits a JSON document as its text comes in: goes down where a pattern leads and gives every other value whole.
 *
 * A value that is not JSON is skipped. Where its end is not to be trusted, for a bracket or quotation mark is wrong in
 * it, the next element that starts as the ones before is where it goes on; without one, all that follows is lost.
 */
export class JsonSplitter {
  readonly #patterns: PathPatterns | null;
  readonly #scanner = new ValueScanner();
  #state: State = "value";
  #frames: Frame[] = [];
  #found: SplitValue[] = [];
  /** The text that is gone through, where in it, and where it starts in the document. */
  #text = "";
  #at = 0;
  #base = 0;
  /** What has come in before of the value that is being scanned, or lost; and where that starts. */
  #parts: string[] = [];
  #startsAt = 0;
  #isKey = false;
  /** By depth, of the elements of lists: the last one that was given whole, or the first keys of those walked through. */
  #given: unknown[] = [];
  #walked: string[][] = [];
  #rescanned = 0;

  constructor(patterns: readonly string[]) {
    this.#patterns = PathPatterns.of(patterns);
  }

  /** Whether nothing that follows will be read. */
  get stopped(): boolean {
    return this.#state === "stopped";
  }

  push(piece: string): SplitValue[] {
    this.#base += this.#text.length;
    this.#text = piece;
    this.#at = 0;
    this.#run();
    return this.#take();
  }

  /** What is left when the document ends. */
  end(): SplitValue[] {
    this.#base += this.#text.length;
    this.#text = "";
    this.#at = 0;
    if (this.#state === "scan" && this.#scanner.bare) this.#finish(this.#parts.join(""));
    while (this.#state === "lost" || (this.#state === "scan" && this.#scanner.brokenAt !== -1)) {
      const text = this.#parts.join("");
      if (!this.#restart(text, 1)) break;
      this.#run();
    }
    const started = this.#state === "scan" || this.#state === "too long" || this.#state === "lost";
    if (this.#state === "value" && this.#frames.length === 0) this.#problem("empty", 0);
    else if (this.#state !== "done" && !this.stopped) {
      this.#problem(LOST, started ? this.#startsAt : this.#base);
    }
    return this.#take();
  }

  #take(): SplitValue[] {
    const found = this.#found;
    this.#found = [];
    return found;
  }

  #run(): void {
    while (this.#at < this.#text.length && this.#state !== "stopped") {
      if (this.#state === "scan" || this.#state === "too long") this.#scan();
      else if (this.#state === "lost") this.#seek();
      else {
        const unit = this.#text.charCodeAt(this.#at);
        if (isSpace(unit)) this.#at += 1;
        else this.#step(this.#text[this.#at]!, unit);
      }
    }
  }

  #step(character: string, unit: number): void {
    const frame = this.#frames.at(-1);
    if (this.#state === "value") {
      if (character === "]" && frame?.list) this.#close();
      else this.#begin(character, unit, frame);
    } else if (this.#state === "key") {
      if (character === "}") this.#close();
      else if (character === '"') this.#start(unit, true);
      else this.#lose();
    } else if (this.#state === "colon") {
      if (character !== ":") this.#lose();
      else {
        this.#at += 1;
        this.#state = "value";
      }
    } else if (!frame) {
      this.#problem("the document ends here, and what follows was not read", this.#base + this.#at);
      this.#state = "stopped";
    } else if (character === ",") {
      this.#at += 1;
      if (frame.list) frame.key = (frame.key as number) + 1;
      this.#state = frame.list ? "value" : "key";
    } else if (character === (frame.list ? "]" : "}")) this.#close();
    else this.#lose();
  }

  #begin(character: string, unit: number, frame: Frame | undefined): void {
    const patterns = frame ? frame.patterns.under(frame.key) : this.#patterns;
    if (!patterns || (character !== "{" && character !== "[")) {
      this.#start(unit, false);
      return;
    }
    const list = character === "[";
    const path = this.#path();
    this.#frames.push({ list, path, patterns, key: list ? 0 : "" });
    this.#at += 1;
    this.#state = list ? "value" : "key";
  }

  #close(): void {
    this.#frames.pop();
    this.#at += 1;
    this.#state = this.#frames.length > 0 ? "after" : "done";
  }

  #start(unit: number, isKey: boolean): void {
    this.#scanner.start(unit);
    this.#isKey = isKey;
    this.#startsAt = this.#base + this.#at;
    this.#parts = [];
    this.#state = "scan";
  }

  #scan(): void {
    const from = this.#at;
    const end = this.#scanner.scan(this.#text, from);
    const { length, brokenAt } = this.#scanner;
    this.#at = end === -1 ? this.#text.length : end;
    if (this.#state === "scan") this.#parts.push(this.#text.slice(from, this.#at));
    if (end !== -1) {
      if (this.#state === "scan")
        this.#finish(this.#parts.length === 1 ? this.#parts[0]! : this.#parts.join(""));
      else {
        this.#problem(`longer than ${MAX_CHARACTERS} characters`, this.#startsAt);
        this.#state = "after";
      }
    } else if (brokenAt !== -1 && length - brokenAt > MAX_BROKEN_CHARACTERS) {
      if (this.#state === "too long" || !this.#restart(this.#parts.join(""), 1)) this.#giveUp();
    } else if (length > MAX_CHARACTERS) {
      this.#parts = [];
      this.#state = "too long";
    }
  }

  #finish(text: string): void {
    const parsed = parseValue(text, this.#scanner);
    const frame = this.#frames.at(-1);
    if (this.#isKey) {
      if (!parsed || !frame) this.#lose();
      else {
        frame.key = String(parsed.value);
        const depth = this.#frames.length - 1;
        if (this.#frames[depth - 1]?.list) this.#noteKey(depth, frame.key);
        this.#state = "colon";
      }
      return;
    }
    if (parsed) {
      this.#found.push({ path: this.#path(), value: parsed.value });
      if (frame?.list) this.#given[this.#frames.length] = parsed.value;
    } else if (this.#scanner.brokenAt !== -1 && this.#restart(text, 1)) return;
    else this.#problem(NOT_JSON, this.#startsAt);
    this.#state = frame ? "after" : "done";
  }

  #noteKey(depth: number, key: string): void {
    const keys = (this.#walked[depth] ??= []);
    if (keys.length < TELLING_KEYS) keys.push(key);
  }

  /** From here on the structure is not known. */
  #lose(): void {
    this.#startsAt = this.#base + this.#at;
    this.#parts = [];
    this.#state = "lost";
  }

  #seek(): void {
    const text = this.#parts.join("") + this.#text.slice(this.#at);
    this.#at = this.#text.length;
    if (this.#restart(text, 0)) return;
    this.#parts = [text];
    if (text.length > MAX_BROKEN_CHARACTERS) this.#giveUp();
  }

  #giveUp(): void {
    this.#problem(LOST, this.#startsAt);
    this.#state = "stopped";
  }

  /**
   * Goes on at the next element that starts as others did, if there is one in a text that was lost: an element of this
   * list, or of one around it.
   */
  #restart(text: string, from: number): boolean {
    const shapes: Shape[] = [];
    for (let depth = this.#frames.length; depth > 0; depth -= 1) {
      const given = shapeOf(this.#given[depth]);
      const shape = given.length > 0 ? given : (this.#walked[depth] ?? []);
      shapes.push(this.#frames[depth - 1]!.list ? shape : []);
    }
    const next = findElement(text, from, shapes);
    if (!next) return false;
    this.#rescanned += text.length - next.at;
    if (this.#rescanned > MAX_RESCANNED_CHARACTERS) return false;
    this.#problem(NOT_JSON, this.#startsAt);
    this.#frames.length -= next.shape;
    const frame = this.#frames.at(-1)!;
    frame.key = (frame.key as number) + 1;
    this.#base = this.#startsAt + next.at;
    this.#text = text.slice(next.at) + this.#text.slice(this.#at);
    this.#at = 0;
    this.#state = "value";
    return true;
  }

  #problem(broken: string, at: number): void {
    this.#found.push({ broken, path: this.#path(), at });
  }

  #path(): JsonPath {
    const frame = this.#frames.at(-1);
    if (!frame) return [];
    const path = frame.path.slice();
    path.push(frame.key);
    return path;
  }
}
