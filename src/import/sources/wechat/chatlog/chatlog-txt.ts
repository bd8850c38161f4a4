import type { LocalTime } from "../../../local-time.js";
import { readLines } from "../../../reading/lines.js";
import { chatlogText, SYSTEM } from "./chatlog-content.js";
import { chatlogRange, type DateRange, fullTime } from "./chatlog-range.js";
import { peek } from "../../peek.js";
import type { ChatFile, Conversation, Draft, Found, Head, ReadContext, Source } from "../../source.js";
import { readNotice } from "../wechat-notices.js";
import { isGroupId } from "../wechat-types.js";

/** `name(account) [chat(account)] 05-01 16:00:00`; the year, or the date, is there only if the range needs it. */
const HEAD = /^(\S.*?) (?:\[([^\n]+)\] )?((?:(?:\d{4}-)?\d\d-\d\d )?\d\d:\d\d:\d\d)$/;
const NAME = /^(.*)\(([\w@.-]{3,64}|我)\)$/;
const ACCOUNT = /^(?:我|系统消息|wxid_\w+|gh_\w+|[\w.-]+@\w+|[A-Za-z][\w-]{4,30})$/;
const MYSELF = "我";

/**
 * Saved answers of chatlog's interface as text.
 *
 * The year is dropped where the range lies in one year, the date where it lies in one day: then the file's name has to
 * tell it.
 *
 * @source sjzar/chatlog, internal/model/message.go
 */
export const chatlogTxt: Source = {
  id: "chatlog-txt",
  label: "chatlog's text",
  platform: "wechat",
  rank: 3,
  sniff: ({ text }: Head) => (headOf(text.trimStart().split(/\r?\n/, 1)[0]!) ? 0.8 : 0),
  read,
};

type Message = { name: string; id: string; talker: string; written: string; place: string; lines: string[] };

function headOf(line: string): Pick<Message, "name" | "id" | "talker" | "written"> | undefined {
  // A head ends in a digit; most lines do not.
  const last = line.charCodeAt(line.length - 1);
  if (last < 0x30 || last > 0x39) return undefined;
  const [, who, talker = "", written] = HEAD.exec(line) ?? [];
  if (who === undefined) return undefined;
  const [, name, id] = NAME.exec(who) ?? [];
  if (id !== undefined) return { name: name!, id, talker, written: written! };
  return ACCOUNT.test(who) ? { name: "", id: who, talker, written: written! } : undefined;
}

async function* read(file: ChatFile, { named, localTime, run }: ReadContext): AsyncIterable<Found> {
  const { first, all } = await peek(readLines(file));
  const heads = first.flatMap((line) => (line.kind === "line" ? (headOf(line.text) ?? []) : []));
  const range = chatlogRange(file.name);
  const short = heads.find(({ written }) => !/^\d{4}-/.test(written));
  if (short && !range) {
    const missing = short.written.includes("-") ? "year" : "date";
    const what = `its times have no ${missing}, and the file's name gives none; name it like wxid_demo1_2024-01-01_2024-12-31.txt`;
    yield { kind: "problem", place: "the file", what };
    return;
  }
  const chats = new Chats(heads, range?.talker || named.name);
  const marked = heads.some(({ id }) => id === MYSELF);
  let message: Message | undefined;
  let afterBlank = true;
  for await (const line of all) {
    run.signal?.throwIfAborted();
    if (line.kind !== "line") {
      yield line;
      continue;
    }
    const head = afterBlank ? headOf(line.text) : undefined;
    afterBlank = line.text === "";
    if (!head) message?.lines.push(line.text);
    else {
      if (message) yield* finish(message, chats.of(message.talker), range, marked, localTime);
      message = { ...head, place: `line ${line.number}`, lines: [] };
    }
  }
  if (message) yield* finish(message, chats.of(message.talker), range, marked, localTime);
}

/** The chats of a file: one that is not named, or as many as the heads name. */
class Chats {
  #only: Conversation;
  #named = new Map<string, Conversation>();

  constructor(heads: readonly Pick<Message, "name" | "id">[], talker: string) {
    const others = new Map<string, string>();
    for (const { id, name } of heads) if (id !== MYSELF && id !== SYSTEM) others.set(id, name);
    const [[id, name] = [null, ""]] = others.size === 1 ? [...others] : [];
    const group = isGroupId(talker) || others.size > 1;
    this.#only = group
      ? { id: isGroupId(talker) ? talker : null, name: talker, group }
      : { id, name: name || talker, group };
  }

  of(talker: string): Conversation {
    if (talker === "") return this.#only;
    let chat = this.#named.get(talker);
    if (!chat) {
      const [, name = "", id = talker] = NAME.exec(talker) ?? [];
      chat = { id, name: name || id, group: isGroupId(id) };
      this.#named.set(talker, chat);
    }
    return chat;
  }
}

function* finish(
  { name, id, written, place, lines }: Message,
  conversation: Conversation,
  range: DateRange | undefined,
  marked: boolean,
  localTime: LocalTime,
): Iterable<Found> {
  const text = lines.join("\n").trim();
  const time = fullTime(written, range, localTime);
  if (time === null) yield { kind: "problem", place, what: "there is no such time" };
  if (time === null || text === "") return;
  const base = { conversation, session: null, time, originalType: null };
  let message: Draft;
  if (id === SYSTEM) message = { ...base, sender: "", owner: false, ...readNotice(text) };
  else {
    const said = chatlogText(text);
    if (said.text === "") return;
    const own = id === MYSELF;
    const owner = own || (!marked && conversation.group ? null : false);
    message = { ...base, ...said, sender: name, ...(own ? {} : { senderId: id }), owner };
  }
  yield { kind: "message", message };
}
