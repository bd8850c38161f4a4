import { hash } from "node:crypto";
import { type Entry, normalise, textOf } from "./entry.js";
import { hashText } from "./spool/hash-text.js";
import type { Contact } from "./contacts.js";
import { type Merged, mergeMinute } from "./merge-minute.js";
import type { Owner } from "./owner.js";
import type { Pointed } from "./pointed.js";

/** What a later message may point to. */
type Target = { id: string; owner: boolean };

/** A message as it is written, and the files that held it. */
export type Written = { line: string; time: number; best: Entry; others: Entry[] };

/** Writes the messages of one chat in order of time: merges them, gives ids, links replies. */
export class TimedWriter {
  #contact: Contact;
  #literal: string;
  #owner: Owner;
  #pointed: Pointed;
  #byId = new Map<string, Target>();
  #byText = new Map<string, Target>();

  constructor(contact: Contact, owner: Owner, pointed: Pointed) {
    this.#contact = contact;
    this.#literal = JSON.stringify(contact.name);
    this.#owner = owner;
    this.#pointed = pointed;
  }

  /** The messages of a minute, each file's in its order, as lines of `messages.jsonl`. */
  minute(files: readonly (readonly Entry[])[]): Written[] {
    const merged =
      files.length === 1 && files[0]!.length === 1
        ? [alone(files[0]![0]!)]
        : mergeMinute(files, this.#contact.group);
    const ordinals = new Map<string, number>();
    const ids = merged.map((one) => this.#id(one, ordinals));
    // A reply may stand before what it answers, where the minute is all that is known.
    for (const [at, one] of merged.entries()) this.#remember(one, ids[at]!);
    return merged.map((one, at) => {
      const { best, all } = one;
      const others = all.length === 1 ? [] : all.filter((entry) => entry !== best);
      const line = this.#line(one, ids[at]!);
      this.#rememberText(one, ids[at]!);
      return { line, time: one.time, best, others };
    });
  }

  /** An id that does not depend on the file: by the platform's id, else by who said what when. */
  #id({ best, all, time }: Merged, ordinals: Map<string, number>): string {
    const { platformId } = all.length === 1 ? best : identified(best, all);
    const { owner, by, kind, text } = best;
    const key =
      platformId === ""
        ? `[${this.#literal},${owner ? 1 : 0},${this.#contact.group && !owner ? JSON.stringify(by.sender) : '""'},${time},${kind === "text" ? text : `"${kind}"`}`
        : `[${this.#literal},${platformId},${Math.floor(time / 60)}`;
    const ordinal = (ordinals.get(key) ?? 0) + 1;
    ordinals.set(key, ordinal);
    return hash("sha256", ordinal === 1 ? `${key}]` : `${key},${ordinal}]`).slice(0, 16);
  }

  #remember({ best, all }: Merged, id: string): void {
    for (const { platformId } of all) {
      if (platformId === "" || !this.#pointed.any) continue;
      const known = JSON.parse(platformId) as string;
      if (this.#pointed.has(hashText(known))) this.#byId.set(known, { id, owner: best.owner });
    }
  }

  #rememberText({ best }: Merged, id: string): void {
    if (best.kind !== "text" || !this.#pointed.any) return;
    const text = normalise(textOf(best));
    if (this.#pointed.has(hashText(text))) this.#byText.set(text, { id, owner: best.owner });
  }

  #line({ best, all, time }: Merged, id: string): string {
    const { owner, origin, kind, text, originalType } = best;
    const target = this.#target(best, all);
    const forwarded = all.some(({ extras }) => extras?.forwarded);
    const bot = all.some(({ extras }) => extras?.bot);
    const { group } = this.#contact;
    const toOwner = group && !owner && (target?.owner === true || this.#owner.isAddressed(best, all));
    const flags = `${toOwner ? ',"toOwner":true' : ""}${forwarded ? ',"forwarded":true' : ""}${bot ? ',"bot":true' : ""}`;
    return `{"id":"${id}","source":"${origin.source.id}","contact":${this.#literal}${group ? ',"group":true' : ""},"session":null,"sender":${this.#sender(best, all)},"owner":${owner},"time":${time},"kind":"${kind}","text":${text},"replyTo":${target ? `"${target.id}"` : "null"}${flags},"originalType":${originalType || "null"}}\n`;
  }

  #target(best: Entry, all: readonly Entry[]): Target | undefined {
    if (!this.#pointed.any) return undefined;
    for (const { extras } of all) {
      const target = extras?.replyTo === undefined ? undefined : this.#byId.get(extras.replyTo);
      if (target) return target;
    }
    for (const { extras } of [best, ...all]) {
      const target = extras?.quoted === undefined ? undefined : this.#byText.get(normalise(extras.quoted));
      if (target) return target;
    }
    return undefined;
  }

  #sender(best: Entry, all: readonly Entry[]): string {
    if (best.owner) return JSON.stringify(this.#owner.nameFor(best.by.sender));
    const named = best.by.sender || (all.find(({ by }) => by.sender !== "")?.by.sender ?? "");
    if (named !== "" || this.#contact.group || best.kind === "system") return JSON.stringify(named);
    return this.#literal;
  }
}

function alone(entry: Entry): Merged {
  return { best: entry, all: [entry], time: entry.time!, exact: true };
}

/** The one whose id stands for all: the fuller export's, then by the name of the source. */
function identified(best: Entry, all: readonly Entry[]): Entry {
  const known = all.filter(({ platformId }) => platformId !== "");
  return (
    known.sort((a, b) => {
      const [x, y] = [a.origin.source, b.origin.source];
      return y.rank - x.rank || (x.id < y.id ? -1 : x.id > y.id ? 1 : 0);
    })[0] ?? best
  );
}
