import { isFields, type Fields, textOf } from "../../fields.js";
import type { Conversation, Draft } from "../../source.js";
import { type Content, readContent, readUntyped } from "../wechat-content.js";
import { platformIdOf } from "../wechat-id.js";
import { withoutName } from "../wechat-quotes.js";
import { readSeconds } from "../../unix-seconds.js";
import { kindOfLocalType, kindOfType, type WechatKind } from "../wechat-types.js";
import { decodeEntities } from "../wechat-xml.js";

/** Which field says what stands beside the media. */
const DETAILS: Readonly<Partial<Record<WechatKind, readonly string[]>>> = {
  voice: ["voice_to_text"],
  file: ["file_name", "title"],
  sticker: ["desc"],
  link: ["title"],
  music: ["title"],
  "mini-program": ["title"],
  channels: ["title"],
  announcement: ["title", "text"],
  chain: ["title", "text"],
  note: ["text", "title"],
  location: ["poiname", "label"],
  "contact-card": ["nickname"],
  call: ["display_content", "text"],
  transfer: ["fee_desc", "feedesc"],
  "red-packet": ["text"],
};

/**
 * The messages that MemoTrace's pages hold, of version 2 (`displayname`, `sub_type`, `refer_text`) and version 3
 * (`display_name`, the 64-bit `type`, `quote_text`).
 */
export class PageMessages {
  /** Who is called so: a call in version 2 does not say who made it. */
  #owners = new Map<string, boolean>();

  readonly #conversation: Conversation;
  readonly #plain: (text: string) => string;

  /** @param plain gives a text of the page back its characters */
  constructor(conversation: Conversation, plain: (text: string) => string = (text) => text) {
    this.#conversation = conversation;
    this.#plain = plain;
  }

  /** The draft of a message; what is wrong with it; or undefined if it says nothing. */
  read(value: unknown): Draft | string | undefined {
    if (!isFields(value)) return "not an object";
    const type = value["type"];
    if (typeof type !== "string" && typeof type !== "number") return "has no type";
    const time = readSeconds(String(value["timestamp"]));
    if (time === null) return "its timestamp is no time";
    const sender = this.#plain(textOf(value["display_name"] ?? value["displayname"])).trim();
    const owner = this.#ownerOf(value, sender);
    if (owner === undefined) return "its is_send is neither true nor false";
    const said = this.#contentOf(value, kindOf(value));
    if (said.kind === "text" && said.text.trim() === "") return undefined;
    const conversation = value["is_chatroom"] === 1 ? this.#group() : this.#conversation;
    const originalType = value["sub_type"] === undefined ? String(type) : `${type},${value["sub_type"]}`;
    const common = { conversation, session: null, time, ...said, ...links(value), originalType };
    if (said.kind === "system") return { ...common, sender: "", owner: false };
    const id = this.#conversation.id;
    const account = id !== null && owner === false && !conversation.group ? { senderId: id } : {};
    return { ...common, ...account, sender, owner };
  }

  #ownerOf(value: Fields, sender: string): boolean | null | undefined {
    const sent = value["is_send"];
    if (sent === undefined) return this.#owners.get(sender) ?? null;
    const owner = [true, 1, "1"].includes(sent as number)
      ? true
      : [false, 0, "0"].includes(sent as number)
        ? false
        : undefined;
    if (owner !== undefined && sender !== "") this.#owners.set(sender, owner);
    return owner;
  }

  #contentOf(value: Fields, kind: WechatKind): Content {
    const text = this.#plain(textOf(value["text"]));
    if (kind === "system") return readContent(kind, text);
    if (kind === "text") return { kind, text };
    if (kind === "quote") {
      const quoted = withoutName(this.#plain(textOf(value["quote_text"] ?? value["refer_text"])));
      if (text.trim() === "") return readContent("unknown", "");
      return quoted === ""
        ? { kind: "text", text }
        : { kind: "text", text, quoted: readUntyped(quoted).text };
    }
    const detail = DETAILS[kind]
      ?.map((name) => this.#plain(textOf(value[name])))
      .find((one) => one.trim() !== "");
    return readContent(kind, detail ?? "");
  }

  #group(): Conversation {
    if (!this.#conversation.group) this.#conversation.group = true;
    return this.#conversation;
  }
}

function kindOf(value: Fields): WechatKind {
  const [type, subType] = [Number(value["type"]), value["sub_type"]];
  if (type === 0) return "system";
  return subType === undefined ? kindOfLocalType(type) : kindOfType(type, Number(subType));
}

/** The message's own id, and the one that it answers. */
function links(value: Fields): Pick<Draft, "platformId" | "replyTo"> {
  const platformId = platformIdOf(value["server_id"]);
  const replyTo = platformIdOf(value["quote_server_id"]);
  return {
    ...(platformId === undefined ? {} : { platformId }),
    ...(replyTo === undefined ? {} : { replyTo }),
  };
}

/**
 * A text of a page as it was: emoji that became pictures are words again, entities characters. Version 3 leaves
 * addresses as they are.
 */
export function plainOfPage(text: string): string {
  if (text.startsWith("http")) return text;
  const words = text.includes("<img")
    ? text.replace(/<img\s[^<>]{0,400}?\bid="([^"<>]{1,20})"[^<>]{0,100}>/g, emoji)
    : text;
  return decodeEntities(words);
}

function emoji(_picture: string, name: string): string {
  return `[${name.replaceAll(" ", "")}]`;
}
