import type { Contact } from "./contacts.js";
import { normalise } from "./entry.js";
import { joinList, splitList } from "./text-list.js";

/** A contact that is to be forgotten as the setting spells it: `name`, or `name(id)`. */
type Spelling = { whole: string; name: string; id: string | null };

function parseSpelling(text: string): Spelling {
  const [, name, id] = /^(.+)\(([^()]+)\)$/.exec(text) ?? [];
  return { whole: plain(text), name: plain(name ?? text), id: id === undefined ? null : plain(id) };
}

/** The spellings in the setting `forget`, and the name in each. */
export function listForgotten(setting: string): { spelling: string; name: string }[] {
  return splitList(setting).map((spelling) => ({ spelling, name: parseSpelling(spelling).name }));
}

/**
 * The numbers of the contacts that the setting `forget` names: by how the import calls them, by an id, or by a name that
 * they alone have. A name counts even where the id beside it is another one: an export may give none, and who was to be
 * forgotten must not come back by that.
 */
export function findForgotten(contacts: readonly Contact[], setting: string): Set<number> {
  const spellings = splitList(setting).map(parseSpelling);
  if (spellings.length === 0) return new Set();
  const holders = new Map<string, number>();
  for (const alias of contacts.flatMap(namesOf)) holders.set(alias, (holders.get(alias) ?? 0) + 1);
  const isMeant = (contact: Contact): boolean =>
    spellings.some(({ whole, name, id }) => {
      if (plain(contact.name) === whole) return true;
      const own = namesOf(contact).filter((alias) => holders.get(alias) === 1);
      return own.includes(whole) || own.includes(name) || (id !== null && own.includes(id));
    });
  return new Set(contacts.flatMap((contact, number) => (isMeant(contact) ? [number] : [])));
}

/** The setting with the id of each contact that it names by how the import calls it now, so that a new name hides none. */
export function spellForgotten(contacts: readonly Contact[], setting: string): string {
  const byName = new Map(contacts.map((contact) => [plain(contact.name), contact]));
  const spelt = splitList(setting).map((text) => {
    const { name, id } = byName.get(plain(text)) ?? {};
    return name === undefined || !id || name === id || name.endsWith(`(${id})`) ? text : `${name}(${id})`;
  });
  return spelt.length === 0 ? setting : joinList([...new Set(spelt)]);
}

/** Whether a file is named after one of some contacts. */
export function isNamedAfter(label: string, contacts: readonly Contact[]): boolean {
  const name = plain(label);
  return contacts.some((contact) =>
    namesOf(contact).some((alias) => alias.length > 1 && name.includes(alias)),
  );
}

function namesOf({ name, aliases }: Contact): string[] {
  return [...new Set([name, ...aliases].map(plain))];
}

/** A name as it is compared; the setting cannot hold double quotes. */
function plain(text: string): string {
  return normalise(text.replaceAll('"', ""));
}
