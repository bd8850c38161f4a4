import type { Conversation, Draft } from "../../source.js";
import { readContent } from "../wechat-content.js";
import { platformIdOf } from "../wechat-id.js";
import { kindOfLabel } from "../wechat-labels.js";
import { isGroupId } from "../wechat-types.js";

/** A message of any of the fork's formats. */
export type Said = {
  conversation: Conversation;
  sender: string;
  senderId?: string;
  own: boolean;
  time: number;
  typeName: string;
  text: string;
  serverId?: unknown;
};

/** The draft of a message; undefined if it says nothing. */
export function draftOf({
  conversation,
  own,
  time,
  typeName,
  text,
  serverId,
  ...author
}: Said): Draft | undefined {
  const kind = kindOfLabel(typeName) ?? "unknown";
  if ((kind === "text" || kind === "quote") && text.trim() === "") return undefined;
  const said = readContent(kind, text);
  const platformId = platformIdOf(serverId);
  const id = platformId === undefined ? {} : { platformId };
  const common = { conversation, session: null, time, ...said, ...id, originalType: typeName };
  return said.kind === "system"
    ? { ...common, sender: "", owner: false }
    : { ...common, ...author, owner: own };
}

/** The chat of a file that gives its account, or that of its name: `<name>_<account>.csv`. */
export function chatOf(name: string, account: string | null): Conversation {
  return { id: account, name, group: account !== null && isGroupId(account) };
}

/** The account at the end of a file's name, cut off at 24 characters and with `_at_` for `@`; null if it is not whole. */
export function accountOfFile(fileName: string, name: string): string | null {
  const stem = fileName.replace(/\.\w{3,4}$/, "").replace(/\(\d{1,3}\)$/, "");
  const prefix = `${name.replace(/[\\/:*?"<>|\r\n\t]/g, "_").trim()}_`;
  if (!stem.startsWith(prefix)) return null;
  const account = stem.slice(prefix.length).replace("_at_", "@");
  return account === "" || account.length >= 24 ? null : account;
}
