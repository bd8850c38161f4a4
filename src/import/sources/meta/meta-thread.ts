import type { Kind } from "../../kinds.js";
import { readJsonValues } from "../../reading/json.js";
import { type Fields, isFields, textOf } from "../fields.js";
import { readListedMessages } from "../listed-messages.js";
import { readSeconds } from "../unix-seconds.js";
import type { ChatFile, Conversation, Draft, Found, ReadContext } from "../source.js";

/** What a thread's file says beside its messages, in front of them or behind. */
type Thread = {
  participants: string[];
  title: string;
  /** The folder it lies in, such as `inbox/mira_1`; empty where the format has none. */
  path: string;
  /** Whether it has what only groups have. */
  isGroup: boolean;
};

/** What the formats of threads do differently. */
export type ThreadFormat = {
  senderField: string;
  /** Holds Unix milliseconds. */
  timeField: string;
  /** Puts a person's name right. */
  nameOf: (text: string) => string;
  /** Puts the thread's title right. */
  titleOf: (text: string) => string;
  content: (message: Fields, sender: string) => { kind: Kind; text: string };
};

/**
 * The messages of a thread's file in its order, and before them the owner if the names tell.
 *
 * The file is read twice, because the title that names the chat comes after the messages.
 */
export async function* readThread(
  file: ChatFile,
  { named, run }: ReadContext,
  format: ThreadFormat,
): AsyncIterable<Found> {
  const thread = await surveyThread(file, format);
  const conversation = conversationOf(thread, named.name);
  const owner = ownerOf(thread);
  if (owner !== undefined) yield { kind: "owner", sender: owner };
  yield* readListedMessages(file, "messages", (message) => draft(message, conversation, format), run);
}

async function surveyThread(file: ChatFile, { nameOf, titleOf }: ThreadFormat): Promise<Thread> {
  const thread: Thread = { participants: [], title: "", path: "", isGroup: false };
  for await (const found of readJsonValues(file, ["messages.*"])) {
    if (found.kind !== "value" || found.path.length !== 1) continue;
    const { value } = found;
    const key = found.path[0];
    if (key === "participants" && Array.isArray(value)) {
      thread.participants = (value as unknown[])
        .map((one) => nameOf(isFields(one) ? textOf(one["name"]) : textOf(one)))
        .filter((name) => name !== "");
    } else if (key === "title" || key === "threadName") thread.title = titleOf(textOf(value));
    else if (key === "thread_path") thread.path = textOf(value);
    else if (key === "joinable_mode" || (key === "thread_type" && value === "RegularGroup"))
      thread.isGroup = true;
  }
  return thread;
}

/** The chat of a thread; `archived_threads` and `inbox` may hold parts of one. */
function conversationOf({ participants, title, path, isGroup }: Thread, fallback: string): Conversation {
  const id = path.slice(path.lastIndexOf("/") + 1);
  return { id: id || null, name: title || fallback, group: isGroup || participants.length > 2 };
}

/** Of two participants the one after whom the thread is not named; undefined where that does not tell. */
function ownerOf({ participants, title, isGroup }: Thread): string | undefined {
  if (isGroup || participants.length !== 2 || !participants.includes(title)) return undefined;
  const others = participants.filter((name) => name !== title);
  return others.length === 1 ? others[0] : undefined;
}

/** @returns what is wrong, as a phrase, if it is no message */
function draft(
  message: Fields,
  conversation: Conversation,
  { senderField, timeField, nameOf, content }: ThreadFormat,
): Draft | string {
  const milliseconds = message[timeField];
  const time = typeof milliseconds === "number" ? readSeconds(milliseconds) : null;
  if (time === null) return "has no time";
  const sender = nameOf(textOf(message[senderField]));
  const { kind, text } = content(message, sender);
  const originalType = textOf(message["type"]) || null;
  const base = {
    conversation,
    session: null,
    time,
    kind,
    text,
    originalType,
  };
  return kind === "system" ? { ...base, sender: "", owner: false } : { ...base, sender, owner: null };
}
