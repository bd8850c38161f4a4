import { readCsv } from "../../../reading/csv.js";
import { chatlogText, SYSTEM } from "./chatlog-content.js";
import type { ChatFile, Conversation, Draft, Found, Head, ReadContext, Source } from "../../source.js";
import { columnIndexes, startsWithHeader } from "../../table/table-header.js";
import { readNotice } from "../wechat-notices.js";
import { readTime } from "../wechat-time.js";
import { isGroupId, isProgramId } from "../wechat-types.js";

const SIGNATURE = "Time,SenderName,Sender,TalkerName,Talker,Content";
const COLUMNS = ["Time", "SenderName", "Sender", "TalkerName", "Talker", "Content"] as const;
/** How the owner may be called. */
const MYSELF = "我";

/**
 * chatlog's table, without types. In a chat of two the owner is who is not the contact; in a group nothing tells.
 *
 * @source sjzar/chatlog, internal/chatlog/http/route.go
 */
export const chatlogCsv: Source = {
  id: "chatlog-csv",
  label: "chatlog's CSV",
  platform: "wechat",
  rank: 3,
  sniff: ({ text }: Head) => (startsWithHeader(text, SIGNATURE) ? 0.95 : 0),
  read,
};

async function* read(file: ChatFile, { localTime, run }: ReadContext): AsyncIterable<Found> {
  const chats = new Map<string, Conversation>();
  let columns: ReturnType<typeof columnIndexes<(typeof COLUMNS)[number]>> | undefined;
  for await (const row of readCsv(file)) {
    run.signal?.throwIfAborted();
    if (row.kind !== "row") {
      yield row;
      continue;
    }
    if (!columns) {
      columns = columnIndexes(row.cells, COLUMNS);
      continue;
    }
    const { cells } = row;
    const place = `row ${row.number}`;
    const [written = "", senderName = "", sender = "", talkerName = "", talker = "", content] = COLUMNS.map(
      (name) => cells[columns![name]],
    );
    const time = readTime(written, localTime);
    if (content === undefined) yield { kind: "problem", place, what: `has ${cells.length} cells, too few` };
    else if (time === null) yield { kind: "problem", place, what: "its Time is no time" };
    else {
      let conversation = chats.get(talker);
      if (!conversation) {
        conversation = { id: talker, name: talkerName || talker, group: isGroupId(talker) };
        chats.set(talker, conversation);
      }
      const message = draft(
        { senderName, sender, text: content.replaceAll("\r\n", "\n") },
        conversation,
        time,
      );
      if (message) yield { kind: "message", message };
    }
  }
}

/** @returns undefined if it says nothing */
function draft(
  { senderName, sender, text }: { senderName: string; sender: string; text: string },
  conversation: Conversation,
  time: number,
): Draft | undefined {
  if (text.trim() === "") return undefined;
  const base = { conversation, session: null, time, originalType: null };
  if (sender === SYSTEM) return { ...base, sender: "", owner: false, ...readNotice(text) };
  const said = chatlogText(text);
  if (said.text === "") return undefined;
  const known = sender !== "" && sender !== MYSELF;
  const owner = known && conversation.group ? null : !known || sender !== conversation.id;
  return {
    ...base,
    ...said,
    sender: senderName || (owner === false ? conversation.name : ""),
    ...(known ? { senderId: sender } : {}),
    owner,
    ...(owner === false && isProgramId(sender) ? { bot: true } : {}),
  };
}
