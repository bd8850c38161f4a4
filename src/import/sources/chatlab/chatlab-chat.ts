import { placeholder } from "../../kinds.js";
import { type Fields, idOf, isFields, textOf } from "../fields.js";
import type { Conversation, Draft } from "../source.js";
import { type Content, readContent } from "../wechat/wechat-content.js";
import { readNotice } from "../wechat/wechat-notices.js";
import { readBracketed } from "../wechat/wechat-placeholders.js";
import { readSeconds } from "../unix-seconds.js";
import { isProgramId, type WechatKind } from "../wechat/wechat-types.js";

/** @source hellodigua/ChatLab, docs/en/standard/chatlab-format.md, 0.0.2 */
const TYPES: Readonly<Record<number, WechatKind>> = {
  0: "text",
  1: "image",
  2: "voice",
  3: "video",
  4: "file",
  5: "sticker",
  7: "link",
  8: "location",
  20: "red-packet",
  21: "transfer",
  22: "pat",
  23: "call",
  24: "link",
  25: "quote",
  26: "chat-history",
  27: "contact-card",
  80: "system",
  81: "recalled",
};

/** A chat in ChatLab's format while it is being read: who takes part, and whose export it is. */
export class ChatlabChat {
  #name: string;
  #meta: Fields = {};
  #members = new Map<string, string>();
  #conversation: Conversation | undefined;

  /** @param name the contact as folder and file name tell it, where the export does not */
  constructor(name: string) {
    this.#name = name;
  }

  describe(meta: unknown): void {
    if (isFields(meta)) this.#meta = meta;
  }

  addMember(member: unknown): void {
    const id = isFields(member) ? idOf(member["platformId"]) : undefined;
    if (id === undefined) return;
    const { groupNickname, accountName } = member as Fields;
    this.#members.set(id, textOf(groupNickname) || textOf(accountName));
  }

  /** @returns what is wrong, as a phrase, if it is no message; undefined if it says nothing */
  message(value: unknown): Draft | string | undefined {
    if (!isFields(value)) return "not an object";
    const type = value["type"];
    const time = readSeconds(textOf(value["timestamp"]) || Number(value["timestamp"]));
    if (typeof type !== "number") return "its type is no number";
    if (time === null) return "its timestamp is no time";
    const platformId = idOf(value["platformMessageId"]);
    const replyTo = idOf(value["replyToMessageId"]);
    const said = content(TYPES[type] ?? "unknown", textOf(value["content"]));
    if (said.text === "") return undefined;
    const base = {
      ...said,
      conversation: (this.#conversation ??= this.#describedConversation()),
      session: null,
      time,
      ...(platformId === undefined ? {} : { platformId }),
      ...(replyTo === undefined ? {} : { replyTo }),
      originalType: String(type),
    };
    if (said.kind === "system") return { ...base, sender: "", owner: false };
    const senderId = idOf(value["sender"]);
    const ownerId = idOf(this.#meta["ownerId"]);
    return {
      ...base,
      sender:
        textOf(value["groupNickname"]) ||
        textOf(value["accountName"]) ||
        this.#members.get(senderId ?? "") ||
        "",
      ...(senderId === undefined ? {} : { senderId }),
      owner: ownerId === undefined ? null : senderId === ownerId,
      ...(senderId !== undefined && isProgramId(senderId) ? { bot: true } : {}),
    };
  }

  #describedConversation(): Conversation {
    const meta = this.#meta;
    const name = textOf(meta["name"]) || this.#name;
    if (meta["type"] === "group") return { id: idOf(meta["groupId"]) ?? null, name, group: true };
    const ownerId = idOf(meta["ownerId"]);
    const others = [...this.#members.keys()].filter((id) => id !== ownerId);
    const [only] = ownerId !== undefined && others.length === 1 ? others : [];
    return { id: only ?? null, name, group: false };
  }
}

/** Types are advisory: a placeholder within the content of what is no text knows better. */
function content(kind: WechatKind, written: string): Content {
  if (kind === "system") return readNotice(written);
  if (kind === "text") return readContent(written.includes("[引用 ") ? "quote" : "text", written);
  if (kind === "quote") return readContent("quote", written);
  const bracketed = readBracketed(written)?.kind ?? kind;
  return bracketed === "unknown"
    ? { kind: "unknown", text: placeholder("unknown", written) }
    : readContent(bracketed, written);
}
