import type { UserNames } from "./pywxdump-users.js";
import type { ChatFile, Conversation, Draft, ReadContext } from "../../source.js";
import { readContent } from "../wechat-content.js";
import { platformIdOf } from "../wechat-id.js";
import { kindOfLabel } from "../wechat-labels.js";
import { readTime } from "../wechat-time.js";
import { isGroupId, isProgramId } from "../wechat-types.js";

/** A message as PyWxDump gives it, every value a text; empty where it is not there. */
export type PyWxDumpFields = {
  id: string;
  typeName: string;
  isSender: string;
  talker: string;
  roomName: string;
  msg: string;
  time: string;
  isForward: string;
};

/** How the exporter calls the owner. */
const MYSELF = "我";

/** Folders that are named after no contact. */
const GENERAL_FOLDER = /^(?:csv|json|exports?|dataset|data|chats?|unknown|messages?)?$/i;

const TRUE = /^(?:1|1\.0|true)$/i;
const FALSE = /^(?:0|0\.0|false)$/i;

/** The messages of PyWxDump, as CSV and as JSON. */
export class PyWxDumpMessages {
  #chats = new Map<string, Conversation>();
  readonly #names: UserNames;
  readonly #context: ReadContext;

  readonly #folder: string;

  constructor(file: ChatFile, names: UserNames, context: ReadContext) {
    this.#folder = file.folders.at(-1) ?? "";
    this.#names = names;
    this.#context = context;
  }

  /** The draft of a message; what is wrong with it; or undefined if it says nothing. */
  read(fields: PyWxDumpFields): Draft | string | undefined {
    const { typeName, msg, talker } = fields;
    const own = TRUE.test(fields.isSender.trim());
    if (!own && !FALSE.test(fields.isSender.trim())) return "its is_sender is neither 0 nor 1";
    const time = readTime(fields.time, this.#context.localTime);
    if (time === null) return "its CreateTime is no time";
    const kind = kindOfLabel(typeName) ?? "unknown";
    if ((kind === "text" || kind === "quote") && msg.trim() === "") return undefined;
    const said = readContent(kind, msg);
    const conversation = this.#chatOf(fields.roomName, own ? "" : talker);
    const platformId = platformIdOf(fields.id);
    const id = platformId === undefined ? {} : { platformId };
    const common = { conversation, session: null, time, ...said, ...id, originalType: typeName };
    if (said.kind === "system") return { ...common, sender: "", owner: false };
    const forwarded = TRUE.test(fields.isForward.trim()) ? ({ forwarded: true } as const) : {};
    const bot = !own && isProgramId(talker) ? ({ bot: true } as const) : {};
    return { ...common, ...this.#authorOf(talker, conversation), owner: own, ...forwarded, ...bot };
  }

  #authorOf(talker: string, { id, name, group }: Conversation): Pick<Draft, "sender" | "senderId"> {
    if (talker === MYSELF || talker === "") return { sender: "" };
    // Without the chat's account, as in tables made by others, the talker is a name.
    if (id === null) return { sender: talker };
    const known = this.#names.get(talker) ?? (talker === id && !group && name !== "" ? name : talker);
    return { sender: known, senderId: talker };
  }

  #chatOf(roomName: string, other: string): Conversation {
    const known = this.#chats.get(roomName);
    if (known) return known;
    const id = roomName === "" ? this.#context.named.accountId : roomName;
    const named = (id === null ? undefined : this.#names.get(id)) ?? this.#nameOfFile(id);
    const conversation = {
      id,
      name: named ?? (id === null ? other : ""),
      group: id !== null && isGroupId(id),
    };
    this.#chats.set(roomName, conversation);
    return conversation;
  }

  /** What the file or its folder calls the contact, where that is no account: WeClone's folders are named by hand. */
  #nameOfFile(id: string | null): string | undefined {
    const fromFile = this.#context.named.name.replace(/_\d+_\d+$/, "");
    return [fromFile, this.#folder].find(
      (name) => name !== id && !/^(?:wxid_|gh_)|@|^\d*$/.test(name) && !GENERAL_FOLDER.test(name),
    );
  }
}
