import type { ChatFile, Conversation, ReadContext } from "../../source.js";
import { isGroupId } from "../wechat-types.js";

/** Whose chat a file is, and who wrote what in it. */
export type Sides = {
  conversation: Conversation;
  /** Whether the one who is called so is the owner; null where that cannot be told. */
  ownerOf(name: string): boolean | null;
  /** The account of the one who is called so, where it can be told. */
  idOf(name: string): string | undefined;
};

/**
 * The two sides of a file of MemoTrace that does not mark the owner.
 *
 * Such a file is named after the contact, as its folder is: `小满(wxid_demo1)/小满.csv`. In a chat of two, the one who
 * bears that name is the contact, so that the other one is the owner.
 *
 * @param writers the names of those who write in the file, system notices apart; a part of the file will do
 */
export function tellSides(file: ChatFile, { named }: ReadContext, writers: ReadonlySet<string>): Sides {
  const folder = contactOfFolder(file.folders.at(-1) ?? "");
  const id = folder?.id ?? named.accountId;
  const names = [folder?.remark, named.name, stemOf(file.name)].map((name) => comparable(name ?? ""));
  const isContact = (name: string) => name !== "" && names.includes(comparable(name));
  const group = id === null ? writers.size > 2 : isGroupId(id);
  const contacts = [...writers].filter(isContact).length;
  const told = !group && contacts === 1 && writers.size <= 2;
  const name = named.name || folder?.remark || stemOf(file.name);
  return {
    conversation: { id, name, group },
    ownerOf: (writer) => (told ? !isContact(writer) : null),
    idOf: (writer) => (told && id !== null && isContact(writer) ? id : undefined),
  };
}

/** `小满(wxid_demo1)` as MemoTrace 3 names a contact's folder; a number in brackets marks a copy. */
export function contactOfFolder(name: string): { remark: string; id: string } | undefined {
  const found = /^(.*)\(([\w@.-]+)\)$/.exec(name);
  if (!found || /^\d{1,3}$/.test(found[2]!)) return undefined;
  return { remark: found[1]!.trim(), id: found[2]! };
}

/** The contact's name in a file's name: without endings, MemoTrace's own words and the number of a copy. */
function stemOf(fileName: string): string {
  return fileName
    .replace(/(?:\.html)?\.\w{3,4}$/i, "")
    .replace(/\(\d{1,3}\)$/, "")
    .replace(/_(?:utf8|chat)$/i, "")
    .trim();
}

/** A name without what no file's name can hold, which exporters leave out or replace by a line or space. */
function comparable(name: string): string {
  return name.replace(/[/\\:*?"<>|_\s]/g, "").toLowerCase();
}
