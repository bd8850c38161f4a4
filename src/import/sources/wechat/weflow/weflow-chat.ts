import { placeholder } from "../../../kinds.js";
import { type Fields, idOf, isFields, textOf } from "../../fields.js";
import type { Conversation, Draft } from "../../source.js";
import { type Content, readContent, readUntyped } from "../wechat-content.js";
import { kindOfLabel } from "../wechat-labels.js";
import { isGroupId, isProgramId, kindOfLocalType, type WechatKind } from "../wechat-types.js";

/** Which of the two words for a type is right: WeFlow has labels that are wrong or say nothing, EchoTrace numbers. */
export type Trusted = "localType" | "type";

/** A chat of WeFlow or EchoTrace while its messages are being read. */
export class WeflowChat {
  #conversation: Conversation;
  #trusted: Trusted;
  #senders = new Map<unknown, Fields>();
  #ownId: string | undefined;
  /** A million messages have a dozen types. */
  #kinds = new Map<unknown, WechatKind>();

  /** @param name the contact as folder and file name tell it, where the export does not */
  constructor(name: string, trusted: Trusted) {
    this.#conversation = { id: null, name, group: false };
    this.#trusted = trusted;
  }

  describe(session: unknown): void {
    if (!isFields(session)) return;
    const id = idOf(session["wxid"]) ?? null;
    const name = textOf(session["displayName"]) || textOf(session["remark"]) || textOf(session["nickname"]);
    const group = session["type"] === "群聊" || (id !== null && isGroupId(id));
    this.#conversation = { id, name: name || this.#conversation.name, group };
  }

  /** The list of senders that messages of arkme-json point into. */
  addSenders(list: unknown): void {
    if (!Array.isArray(list)) return;
    for (const one of list) if (isFields(one)) this.#senders.set(one["senderID"], one);
  }

  /** @returns what is wrong, as a phrase, if it is no message; undefined if it says nothing */
  message(value: unknown): Draft | string | undefined {
    if (!isFields(value)) return "not an object";
    const time = value["createTime"];
    if (typeof time !== "number" || !Number.isInteger(time) || time <= 0) return "its createTime is no time";
    const said = this.#content(value);
    if (!said) return undefined;
    const label = value["type"];
    const originalType = typeof label === "string" ? label : (idOf(value["localType"]) ?? null);
    const draft: Draft = {
      conversation: this.#conversation,
      session: null,
      sender: "",
      owner: false,
      time,
      kind: said.kind,
      text: said.text,
      originalType,
    };
    if (said.quoted !== undefined) draft.quoted = said.quoted;
    const platformId = idOf(value["platformMessageId"]);
    if (platformId !== undefined && platformId !== "0") draft.platformId = platformId;
    const replyTo = idOf(value["replyToMessageId"]);
    if (replyTo !== undefined && replyTo !== "0") draft.replyTo = replyTo;
    if (said.kind !== "system") this.#sign(draft, value);
    return draft;
  }

  #content(value: Fields): Content | undefined {
    const content = textOf(value["content"]);
    const kind = this.#kind(value);
    if (kind === "text") {
      if (content.trim() === "") return undefined;
      // Older files call a reply a text.
      return readContent(content.includes("[引用 ") ? "quote" : kind, content);
    }
    if (kind === "quote") {
      const said = readContent(kind, content);
      const quoted = textOf(value["quotedContent"]);
      if (quoted !== "") said.quoted = quoted;
      return said.text === "" ? undefined : said;
    }
    const caption = textOf(value["emojiCaption"]);
    if (kind === "sticker" && caption !== "") return { kind, text: placeholder(kind, caption) };
    if (kind !== "unknown") return readContent(kind, content);
    const untyped = readUntyped(content);
    return untyped.kind === "text" ? { kind, text: placeholder(kind, content) } : untyped;
  }

  #kind({ type, localType }: Fields): WechatKind {
    const key = this.#trusted === "type" ? type : localType;
    let kind = this.#kinds.get(key);
    if (kind === undefined) {
      const label = kindOfLabel(textOf(type)) ?? "unknown";
      const number = this.#trusted === "type" ? "unknown" : kindOfLocalType(idOf(localType) ?? "");
      kind = number === "unknown" ? label : number;
      // A number that says nothing has no one label.
      if (number !== "unknown" || this.#trusted === "type") this.#kinds.set(key, kind);
    }
    return kind;
  }

  #sign(draft: Draft, value: Fields): void {
    const sender = value["senderID"] === undefined ? value : (this.#senders.get(value["senderID"]) ?? value);
    const senderId = idOf(sender["senderUsername"] ?? sender["wxid"]);
    draft.sender =
      textOf(sender["senderDisplayName"]) || textOf(sender["groupNickname"]) || textOf(sender["displayName"]);
    draft.owner = this.#isOwner(value["isSend"], senderId);
    if (senderId === undefined) return;
    draft.senderId = senderId;
    if (draft.owner === true) this.#ownId = senderId;
    else if (isProgramId(senderId)) draft.bot = true;
  }

  /** Older files leave isSend null now and then; the account tells then, in a chat of two or once it is known. */
  #isOwner(isSend: unknown, senderId: string | undefined): boolean | null {
    if (isSend === 1 || isSend === true) return true;
    if (isSend === 0 || isSend === false) return false;
    if (senderId === undefined) return null;
    if (this.#ownId !== undefined) return senderId === this.#ownId;
    const { id, group } = this.#conversation;
    return group || id === null ? null : senderId !== id;
  }
}
