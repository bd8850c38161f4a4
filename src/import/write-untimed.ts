import { contentKey } from "./content-key.js";
import { Copies } from "./copies.js";
import { type Entry, textOf } from "./entry.js";
import { identify } from "./identify.js";
import type { KnownWords } from "./known-words.js";
import type { Message } from "./message.js";
import type { Owner } from "./owner.js";
import type { Said } from "./said.js";
import { type Contact, UNKNOWN_CONTACT } from "./contacts.js";

/** Writes dialogues as exports cut them, and messages without any time: each once, with ids. */
export class UntimedWriter {
  #owner: Owner;
  #copies = new Copies(UNKNOWN_CONTACT);

  constructor(owner: Owner) {
    this.#owner = owner;
  }

  startFile(): void {
    this.#copies.startFile();
  }

  /**
   * The messages of a unit, or null if it is a copy.
   *
   * @param known the words of messages that the contact has with their times
   */
  unit(entries: readonly Entry[], contact: Contact, known: KnownWords): Message[] | null {
    if (known.knows(entries)) return null;
    const said = entries.map((entry) => this.#said(entry, contact));
    const key = contentKey(said);
    const characters = said.reduce((sum, { kind, text }) => sum + (kind === "text" ? text.length : 0), 0);
    const ordinal = this.#copies.keep({ contact: contact.name, key, characters });
    if (ordinal === null) return null;
    const { origin, session } = entries[0]!;
    const more = contact.group ? { group: true as const } : {};
    const identity = {
      source: origin.source.id,
      contact: contact.name,
      dialogue: session !== null,
      key,
      ordinal,
    };
    return identify(said, identity).map(({ id, source, contact, ...rest }) => ({
      id,
      source,
      contact,
      ...more,
      ...rest,
    }));
  }

  #said(entry: Entry, contact: Contact): Said {
    const { owner, by, time, kind, originalType } = entry;
    const nobody = kind === "system-prompt" || kind === "system" || contact.group;
    const sender = owner ? this.#owner.nameFor(by.sender) : by.sender || (nobody ? "" : contact.name);
    return {
      sender,
      owner,
      time,
      kind,
      text: textOf(entry),
      originalType: originalType === "" ? null : (JSON.parse(originalType) as string),
    };
  }
}
