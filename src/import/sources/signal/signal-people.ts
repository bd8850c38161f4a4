import { stableId } from "../../../stable-id.js";
import { type Fields, isFields, textOf } from "../fields.js";
import type { Conversation } from "../source.js";

/** Somebody in Signal's export. */
export type SignalPerson = { name: string; accountId: string; self: boolean; bot: boolean };

const NOBODY: SignalPerson = { name: "", accountId: "", self: false, bot: false };

/** The people, groups and chats of an export, by the numbers that the export gives them. */
export class SignalPeople {
  #ownName = "";
  #people = new Map<string, SignalPerson>();
  #groups = new Map<string, { id: string; name: string }>();
  /** By account id, for mentions. */
  #names = new Map<string, string>();
  #chats = new Map<string, Conversation>();

  account(fields: Fields): void {
    this.#ownName = joined(fields["givenName"], fields["familyName"]) || textOf(fields["username"]);
  }

  recipient(fields: Fields): void {
    const id = textOf(fields["id"]) || String(fields["id"]);
    const { contact, group } = fields;
    if (isFields(contact)) {
      const person = { name: contactName(contact), accountId: accountId(contact), self: false, bot: false };
      this.#people.set(id, person);
      if (textOf(contact["aci"]) !== "") this.#names.set(textOf(contact["aci"]), person.name);
    } else if (isFields(group)) {
      const snapshot = isFields(group["snapshot"]) ? group["snapshot"] : {};
      const title = isFields(snapshot["title"]) ? textOf(snapshot["title"]["title"]) : "";
      const key = textOf(group["masterKey"]);
      // The key opens the group on Signal's servers: what is kept only tells groups apart.
      this.#groups.set(id, { id: key === "" ? "" : stableId(["signal-group", key]), name: title });
    } else if (fields["self"] !== undefined) {
      this.#people.set(id, { ...NOBODY, name: this.#ownName || "Me", self: true });
    } else if (fields["releaseNotes"] !== undefined) {
      this.#people.set(id, { ...NOBODY, name: "Signal", bot: true });
    }
  }

  chat(fields: Fields): void {
    const id = textOf(fields["id"]) || String(fields["id"]);
    const recipient = textOf(fields["recipientId"]) || String(fields["recipientId"]);
    const group = this.#groups.get(recipient);
    if (group) this.#chats.set(id, { id: group.id || null, name: group.name, group: true });
    else {
      const { name, accountId: account, self } = this.person(recipient);
      this.#chats.set(id, { id: account || null, name: self ? "Note to Self" : name, group: false });
    }
  }

  person(id: string): SignalPerson {
    return this.#people.get(id) ?? NOBODY;
  }

  conversation(chatId: string): Conversation {
    return this.#chats.get(chatId) ?? { id: null, name: "", group: false };
  }

  /** Who is mentioned, by account id; empty if the export does not know them. */
  nameOf(account: string): string {
    return this.#names.get(account) ?? "";
  }
}

/** As the owner calls them, as their phone book does, or as they call themselves. */
function contactName(contact: Fields): string {
  const nickname = isFields(contact["nickname"]) ? contact["nickname"] : {};
  return (
    joined(nickname["given"], nickname["family"]) ||
    textOf(contact["systemNickname"]) ||
    joined(contact["systemGivenName"], contact["systemFamilyName"]) ||
    joined(contact["profileGivenName"], contact["profileFamilyName"]) ||
    textOf(contact["username"]) ||
    phone(contact)
  );
}

/** The account's UUID, which the export spells in base64, or the phone number of one that has none. */
function accountId(contact: Fields): string {
  const bytes = Buffer.from(textOf(contact["aci"]), "base64");
  if (bytes.length !== 16) return phone(contact);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function phone(contact: Fields): string {
  const digits = textOf(contact["e164"]) || (contact["e164"] === undefined ? "" : String(contact["e164"]));
  return /^\d+$/.test(digits) && digits !== "0" ? `+${digits}` : digits === "0" ? "" : digits;
}

function joined(given: unknown, family: unknown): string {
  return [textOf(given), textOf(family)].filter((part) => part !== "").join(" ");
}
