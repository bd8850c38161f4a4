import { readCsv } from "../../../reading/csv.js";
import { peek } from "../../peek.js";
import type { ChatFile, Conversation, Draft, Found, ReadContext, Source } from "../../source.js";
import { type ColumnIndexes, columnIndexes, startsWithHeader } from "../../table/table-header.js";
import { readTime } from "../wechat-time.js";
import { accountOfFile, chatOf, draftOf } from "./wechatmsg-4x-message.js";

const COLUMNS = ["时间", "会话", "发送者", "是否我发送", "类型", "内容", "server_id"] as const;

/**
 * The CSV of WeChatMsg-4x, a fork of MemoTrace for WeChat 4: `<name>_<account>.csv`.
 *
 * @source chenanhan230-del/WeChatMsg-4x, wx4/export.py
 */
export const wechatmsg4xCsv: Source = {
  id: "wechatmsg-4x-csv",
  label: "WeChatMsg-4x's CSV",
  platform: "wechat",
  rank: 4,
  sniff: ({ text }) => (startsWithHeader(text, COLUMNS.slice(0, 6).join(",")) ? 0.95 : 0),
  read,
};

type Columns = ColumnIndexes<(typeof COLUMNS)[number]>;

async function* read(file: ChatFile, context: ReadContext): AsyncIterable<Found> {
  const { first, all } = await peek(readCsv(file));
  const columns = columnIndexes(first.find((one) => one.kind === "row")?.cells ?? [], COLUMNS);
  const chats = new Map<string, Conversation>();
  for await (const row of all) {
    if (row.kind !== "row") yield row;
    else if (row.number > 1) {
      context.run.signal?.throwIfAborted();
      const draft = readRow(row.cells, columns, { file, context, chats });
      if (typeof draft === "string") yield { kind: "problem", place: `row ${row.number}`, what: draft };
      else if (draft) yield { kind: "message", message: draft };
    }
  }
}

type Place = { file: ChatFile; context: ReadContext; chats: Map<string, Conversation> };

function readRow(
  cells: readonly string[],
  columns: Columns,
  { file, context, chats }: Place,
): Draft | string | undefined {
  const text = cells[columns.内容];
  if (text === undefined) return `has ${cells.length} cells, too few`;
  // A damaged header may lack any column.
  const cell = (column: number) => (cells[column] ?? "").trim();
  const own = cell(columns.是否我发送);
  if (own !== "是" && own !== "否") return "its 是否我发送 is neither 是 nor 否";
  const time = readTime(cell(columns.时间), context.localTime);
  if (time === null) return "its 时间 is no time";
  const name = cell(columns.会话);
  const conversation = chats.get(name) ?? chatOf(name, accountOfFile(file.name, name));
  chats.set(name, conversation);
  const [sender, typeName] = [cell(columns.发送者), cell(columns.类型)];
  return draftOf({
    conversation,
    sender,
    own: own === "是",
    time,
    typeName,
    text,
    serverId: cells[columns.server_id],
  });
}
