import { hash } from "node:crypto";
import { type Entry, normalise, textOf } from "./entry.js";
import type { Contact } from "./contacts.js";
import { type Merged, mergeMinute } from "./merge-minute.js";
import type { Owner } from "./owner.js";
import type { Pointed } from "./pointed.js";

/** What a later message may point to. */
type Target = { id: string; owner: boolean };

/** Is given each message as a line of `messages.jsonl`. */
export type Emit = (line: string, merged: Merged) => void;

/** Writes the messages of one chat in order of time: merges them, gives ids, links replies. */
export class TimedWriter {
  #contact: Contact;
  #literal: string;
  #owner: Owner;
  #pointed: Pointed;
  /** By the platform's id as JSON. */
  #byId = new Map<string, Target>();
  #byText = new Map<string, Target>();

  constructor(contact: Contact, owner: Owner, pointed: Pointed) {
    this.#contact = contact;
    this.#literal = JSON.stringify(contact.name);
    this.#owner = owner;
    this.#pointed = pointed;
  }

  /** Writes the messages of a minute, each file's in its order. */
  minute(files: readonly (readonly Entry[])[], emit: Emit): void {
    const merged = mergeMinute(files, this.#contact.group);
    const ordinals = merged.length > 1 ? new Map<string, number>() : undefined;
    const ids: string[] = [];
    // A reply may stand before what it answers, where the minute is all that is known.
    for (const one of merged) {
      const id = this.#id(one, ordinals);
      ids.push(id);
      for (const entry of one.all) this.#remember(entry, id, one.best.owner);
    }
    for (const [at, one] of merged.entries()) {
      emit(this.#line(one, ids[at]!), one);
      this.#rememberText(one.best, ids[at]!);
    }
  }

  /** An id that does not depend on the file: by the platform's id, else by who said what when. */
  #id({ best, all, time }: Merged, ordinals: Map<string, number> | undefined): string {
    const { platformId } = all.length === 1 ? best : identified(best, all);
    const key =
      platformId === ""
        ? `[${this.#literal},${this.#saidKey(best)},${time}`
        : `[${this.#literal},${platformId},${Math.floor(time / 60)}`;
    const ordinal = (ordinals?.get(key) ?? 0) + 1;
    ordinals?.set(key, ordinal);
    return hash("sha256", ordinal === 1 ? `${key}]` : `${key},${ordinal}]`).slice(0, 16);
  }

  #saidKey({ owner, by, kind, text }: Entry): string {
    const sender = this.#contact.group && !owner ? JSON.stringify(by.sender) : '""';
    return `${Number(owner)},${sender},${kind === "text" ? text : `"${kind}"`}`;
  }

  #remember({ platformId }: Entry, id: string, owner: boolean): void {
    if (platformId !== "" && this.#pointed.hasId(platformId)) this.#byId.set(platformId, { id, owner });
  }

  #rememberText(entry: Entry, id: string): void {
    if (entry.kind !== "text" || !this.#pointed.anyText) return;
    const text = normalise(textOf(entry));
    if (this.#pointed.hasText(text)) this.#byText.set(text, { id, owner: entry.owner });
  }

  #line({ best, all, time }: Merged, id: string): string {
    const { owner, origin, kind, text, originalType } = best;
    const target = this.#target(best, all);
    const { group } = this.#contact;
    const toOwner = group && !owner && (target?.owner === true || this.#owner.isAddressed(best, all));
    const flags = `${toOwner ? ',"toOwner":true' : ""}${flag(all, "forwarded")}${flag(all, "bot")}`;
    return `{"id":"${id}","source":"${origin.source.id}","contact":${this.#literal}${group ? ',"group":true' : ""},"session":null,"sender":${this.#sender(best, all)},"owner":${owner},"time":${time},"kind":"${kind}","text":${text},"replyTo":${target ? `"${target.id}"` : "null"}${flags},"originalType":${originalType || "null"}}\n`;
  }

  #target(best: Entry, all: readonly Entry[]): Target | undefined {
    if (all.every(({ extras }) => extras === null)) return undefined;
    for (const { extras } of all) {
      const target =
        extras?.replyTo === undefined ? undefined : this.#byId.get(JSON.stringify(extras.replyTo));
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

function flag(all: readonly Entry[], name: "forwarded" | "bot"): string {
  return all.some(({ extras }) => extras?.[name] === true) ? `,"${name}":true` : "";
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
