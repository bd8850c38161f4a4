import { compareText } from "./find-files.js";
import type { Platform } from "./platforms.js";

/** The contact of a merged file, where only the dialogues themselves could tell. */
export const UNKNOWN_CONTACT = "unknown";

/** A chat as one file names it; ids are those of a platform. */
export type NamedChat = {
  platform: Platform;
  id: string | null;
  name: string;
  group: boolean;
  messages: number;
};

/** A person or group that the owner has a chat with, however many exports hold it. */
export type Contact = {
  name: string;
  /** The platform's, the first of several; null where no export gives any. */
  id: string | null;
  group: boolean;
  /** Every name and id that a chat with it has. */
  aliases: ReadonlySet<string>;
};

/**
 * Who is meant by chats of several files: those of one id are one, and so are those of one name, where no two ids have
 * it. A name that is an id means that one. Two contacts of one name keep their ids in brackets.
 *
 * @returns the contacts in order of name, those without any last, and the contact's number of every chat
 */
export function resolveContacts(chats: readonly NamedChat[]): { contacts: Contact[]; of: number[] } {
  const groups = new Groups(chats.length);
  const byId = uniteIds(chats, groups);
  const isGroup = groupsWithoutId(chats, groups);
  const idsOf = new Map<string, Set<number>>();
  for (const [index, { id, name, group }] of chats.entries()) {
    if (id === null || name === "") continue;
    const key = nameKey(name, group);
    idsOf.set(key, (idsOf.get(key) ?? new Set()).add(groups.of(index)));
  }
  const byName = new Map<string, number>();
  for (const [index, { platform, id, name }] of chats.entries()) {
    if (id !== null) continue;
    const key = nameKey(name, isGroup(index));
    const [one, other] = idsOf.get(key) ?? [byId.get(idKey(platform, name)) ?? byId.get(idKey("any", name))];
    if (one !== undefined && other === undefined) groups.unite(index, one);
    else groups.unite(index, firstOf(byName, key, index));
  }
  return name(chats, groups);
}

/**
 * Unites chats without id that have one name on one platform. Where a format does not tell groups, a part of one in
 * which only two speak looks like a chat of two.
 *
 * @returns whether such a chat is a group's
 */
function groupsWithoutId(chats: readonly NamedChat[], groups: Groups): (index: number) => boolean {
  const byName = new Map<string, number>();
  const found = new Set<number>();
  for (const [index, { platform, id, name, group }] of chats.entries()) {
    if (id !== null) continue;
    const first = firstOf(byName, idKey(platform, name.normalize("NFC")), index);
    groups.unite(index, first);
    if (group) found.add(first);
  }
  const firsts = chats.map(({ platform, name }) => byName.get(idKey(platform, name.normalize("NFC"))));
  return (index) => found.has(firsts[index] ?? index);
}

/** @returns a chat of each id, by platform, and once more for any platform */
function uniteIds(chats: readonly NamedChat[], groups: Groups): Map<string, number> {
  const byId = new Map<string, number>();
  const anywhere = new Set(
    chats.flatMap(({ platform, id }) => (platform === "any" && id !== null ? [id] : [])),
  );
  for (const [index, { platform, id }] of chats.entries()) {
    if (id === null) continue;
    groups.unite(index, firstOf(byId, idKey(platform, id), index));
    const somewhere = firstOf(byId, idKey("any", id), index);
    if (anywhere.has(id)) groups.unite(index, somewhere);
  }
  return byId;
}

function idKey(platform: string, id: string): string {
  return `${platform}\n${id}`;
}

/** What is said of each group of chats. */
function name(chats: readonly NamedChat[], groups: Groups): { contacts: Contact[]; of: number[] } {
  const members = new Map<number, NamedChat[]>();
  for (const [index, chat] of chats.entries()) {
    const root = groups.of(index);
    const others = members.get(root);
    if (others) others.push(chat);
    else members.set(root, [chat]);
  }
  const found = [...members].map(([root, chats]) => {
    const ids = chats.flatMap(({ id }) => id ?? []).sort(compareText);
    const group = chats.some(({ group }) => group);
    const aliases = new Set([...ids, ...chats.map(({ name }) => name)].filter((alias) => alias !== ""));
    const name = mostUsedName(chats, ids) ?? ids[0] ?? UNKNOWN_CONTACT;
    return { root, id: ids[0], name, group, aliases };
  });
  const sharing = new Map<string, number>();
  for (const { name } of found) sharing.set(name, (sharing.get(name) ?? 0) + 1);
  const named = found.map(({ root, id, name, group, aliases }) => {
    const mark = id ?? (group ? "group" : undefined);
    const shared = sharing.get(name)! > 1 && mark !== undefined && mark !== name;
    return { root, id: id ?? null, name: shared ? `${name}(${mark})` : name, group, aliases };
  });
  named.sort((a, b) => isUnknown(a) - isUnknown(b) || compareText(a.name, b.name) || a.root - b.root);
  const numberOf = new Map(named.map(({ root }, number) => [root, number]));
  return {
    contacts: named.map(({ name, id, group, aliases }) => ({ name, id, group, aliases })),
    of: chats.map((_, index) => numberOf.get(groups.of(index))!),
  };
}

function isUnknown({ name }: { name: string }): number {
  return Number(name === UNKNOWN_CONTACT);
}

/** The name that most messages of a contact come with, if it is not only an id. */
function mostUsedName(chats: readonly NamedChat[], ids: readonly string[]): string | undefined {
  const uses = new Map<string, number>();
  for (const { name, messages } of chats) {
    if (name !== "" && !ids.includes(name)) uses.set(name, (uses.get(name) ?? 0) + messages);
  }
  return [...uses].sort(([a, x], [b, y]) => y - x || compareText(a, b))[0]?.[0];
}

function nameKey(name: string, group: boolean): string {
  return `${Number(group)}${name.normalize("NFC")}`;
}

function firstOf(known: Map<string, number>, key: string, index: number): number {
  const first = known.get(key) ?? index;
  known.set(key, first);
  return first;
}

/** Sets of numbers that are joined (union-find). */
class Groups {
  #parent: number[];

  constructor(size: number) {
    this.#parent = Array.from({ length: size }, (_, index) => index);
  }

  of(index: number): number {
    let root = index;
    while (this.#parent[root] !== root) {
      this.#parent[root] = this.#parent[this.#parent[root]!]!;
      root = this.#parent[root]!;
    }
    return root;
  }

  unite(a: number, b: number): void {
    const [x, y] = [this.of(a), this.of(b)];
    this.#parent[Math.max(x, y)] = Math.min(x, y);
  }
}
