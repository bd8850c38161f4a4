import type { Row } from "../../../reading/csv.js";
import { readCsv } from "../../../reading/csv.js";
import { placeholder } from "../../../kinds.js";
import { isContactList } from "./memotrace-contacts.js";
import { peek } from "../../peek.js";
import type { ChatFile, Conversation, Draft, Found, ReadContext, Source } from "../../source.js";
import { type ColumnIndexes, columnIndexes, startsWithHeader } from "../../table/table-header.js";
import { readContent } from "../wechat-content.js";
import { readSeconds } from "../../unix-seconds.js";
import { readTime } from "../wechat-time.js";
import { isProgramId, kindOfType } from "../wechat-types.js";

const SIGNATURE = "localId,TalkerId,Type,SubType,IsSender";
const COLUMNS = [
  "TalkerId",
  "Type",
  "SubType",
  "IsSender",
  "CreateTime",
  "StrContent",
  "StrTime",
  "Remark",
  "NickName",
  "Sender",
] as const;

/** How `messages.csv` calls the owner. */
const MYSELF = "我";

/**
 * MemoTrace (留痕) version 2 as CSV: `<remark>_utf8.csv` of one contact, and `messages.csv` of all of them.
 *
 * The words of quote replies are not in it. Contacts exported beside are no chats.
 *
 * @source LC044/WeChatMsg, app/util/exporter (2024)
 */
export const memotraceV2Csv: Source = {
  id: "memotrace-v2-csv",
  label: "MemoTrace 2's CSV",
  platform: "wechat",
  rank: 3,
  sniff: (head) => (startsWithHeader(head.text, SIGNATURE) || isContactList(head) ? 0.95 : 0),
  isCompanion: isContactList,
  read,
};

type Columns = ColumnIndexes<(typeof COLUMNS)[number]>;

/** Which chat a row belongs to, and who wrote it. */
type Author = Pick<Draft, "conversation" | "sender" | "senderId">;

async function* read(file: ChatFile, context: ReadContext): AsyncIterable<Found> {
  const { first, all } = await peek(readCsv(file));
  const rows = first.filter((one) => one.kind === "row");
  const columns = columnIndexes(rows[0]?.cells ?? [], COLUMNS);
  const together =
    /^messages(?:\(\d+\))?\.csv$/i.test(file.name) ||
    rows.some(({ cells }) => cells[columns.IsSender] === "1" && cells[columns.Sender] === MYSELF);
  const authorOf = together
    ? byChat(await findGroups(file, columns), columns)
    : byContact(context, rows.slice(1), columns);
  let lostReplies = 0;
  for await (const row of all) {
    if (row.kind !== "row") yield row;
    else if (row.number > rows[0]!.number) {
      context.run.signal?.throwIfAborted();
      const draft = readRow(row.cells, columns, authorOf(row.cells), context);
      if (typeof draft === "string") yield { kind: "problem", place: `row ${row.number}`, what: draft };
      else if (draft) {
        if (draft.originalType === "49,57" && draft.kind === "unknown") lostReplies += 1;
        yield { kind: "message", message: draft };
      }
    }
  }
  if (lostReplies > 0) {
    const what = `the words of ${lostReplies} quote replies are not in this export; MemoTrace 2 leaves them out of its CSV`;
    yield { kind: "note", what };
  }
}

/** The draft of a row; what is wrong with it; or undefined if it says nothing. */
function readRow(
  cells: readonly string[],
  columns: Columns,
  author: Author,
  { localTime }: ReadContext,
): Draft | string | undefined {
  if (cells.length <= columns.StrContent) return `has ${cells.length} cells, too few`;
  // A damaged header may lack any column.
  const [type = "", subType = ""] = [cells[columns.Type], cells[columns.SubType]];
  if (!/^\d+$/.test(type)) return "its Type is no number";
  const own = (cells[columns.IsSender] ?? "").trim();
  if (own !== "0" && own !== "1") return "its IsSender is neither 0 nor 1";
  const time =
    readSeconds(cells[columns.CreateTime] ?? "") ?? readTime(cells[columns.StrTime] ?? "", localTime);
  if (time === null) return "its CreateTime is no time";
  const known = kindOfType(Number(type), Number(subType));
  const content = cells[columns.StrContent] ?? "";
  if (known === "text" && content.trim() === "") return undefined;
  const said =
    known === "quote" && content.trim() === ""
      ? ({ kind: "unknown", text: placeholder("unknown") } as const)
      : readContent(known, content);
  const originalType = `${type},${subType}`;
  if (said.kind === "system")
    return {
      ...said,
      conversation: author.conversation,
      session: null,
      sender: "",
      owner: false,
      time,
      originalType,
    };
  const bot = own === "0" && isProgramId(author.senderId ?? "") ? ({ bot: true } as const) : {};
  return { ...author, session: null, owner: own === "1", time, ...said, ...bot, originalType };
}

/** Rows of a contact's own file: the names and the account are the sender's. */
function byContact(
  { named }: ReadContext,
  rows: readonly Row[],
  columns: Columns,
): (cells: string[]) => Author {
  const others = new Set<string>();
  for (const { cells } of rows) {
    const says = Number(cells[columns.Type]) < 9999 && cells[columns.IsSender] === "0";
    if (says && cells[columns.Sender]) others.add(cells[columns.Sender]!);
  }
  // The last row of a file that was cut off may end within the account.
  const whole = [...others].filter(
    (one) => ![...others].some((other) => other !== one && other.startsWith(one)),
  );
  const [only = null] = whole.length === 1 ? whole : [];
  const id = named.accountId ?? only;
  const group = whole.length > 1 || (id?.endsWith("@chatroom") ?? false);
  const conversation: Conversation = { id, name: named.name, group };
  return (cells) => {
    const sender = cells[columns.Remark] || cells[columns.NickName] || "";
    const senderId = cells[columns.Sender];
    return senderId ? { conversation, sender, senderId } : { conversation, sender };
  };
}

/** Rows of all chats: the names are the chat's, the sender is called as the owner sees them. */
function byChat(groups: ReadonlySet<string>, columns: Columns): (cells: string[]) => Author {
  const chats = new Map<string, Conversation>();
  return (cells) => {
    const key = chatKey(cells, columns);
    let conversation = chats.get(key);
    if (!conversation) {
      const name = cells[columns.Remark] || cells[columns.NickName] || "";
      conversation = { id: null, name, group: groups.has(key) };
      chats.set(key, conversation);
    }
    const sender = cells[columns.Sender] ?? "";
    return { conversation, sender: sender === MYSELF ? "" : sender };
  };
}

/** A chat's number is its own within one of the databases only: the name has to tell it from others. */
function chatKey(cells: readonly string[], columns: Columns): string {
  return `${cells[columns.TalkerId]} ${cells[columns.Remark]} ${cells[columns.NickName]}`;
}

/** The chats in which somebody writes who is not called as the chat is. */
async function findGroups(file: ChatFile, columns: Columns): Promise<Set<string>> {
  const groups = new Set<string>();
  for await (const row of readCsv(file)) {
    if (row.kind !== "row" || row.number === 1) continue;
    const { cells } = row;
    const sender = cells[columns.Sender] ?? "";
    const foreign = cells[columns.IsSender] === "0" && Number(cells[columns.Type]) < 9999 && sender !== "";
    if (foreign && sender !== cells[columns.Remark] && sender !== cells[columns.NickName])
      groups.add(chatKey(cells, columns));
  }
  return groups;
}
