import { placeholder } from "../../kinds.js";
import type { Row } from "../../reading/csv.js";
import { workbookHead } from "../../reading/xlsx-head.js";
import { readSheet } from "../../reading/xlsx.js";
import { peek } from "../peek.js";
import { qqContent, qqNotice } from "./qq-placeholders.js";
import type { ChatFile, Conversation, Draft, Found, Head, ReadContext, Source } from "../source.js";
import { columnIndexes } from "../table/table-header.js";
import { readTime } from "../wechat/wechat-time.js";

const COLUMNS = ["时间", "发送者", "发送者QQ号", "群头衔", "消息类型", "消息内容", "是否撤回"] as const;
type Columns = Readonly<Record<(typeof COLUMNS)[number], number>>;

/**
 * QQChatExporter's workbook of one chat, which does not say whose export it is.
 *
 * @source shuakami/qq-chat-exporter, qq-chat-export-core/src/excel_exporter.rs
 */
export const qqchatexporterXlsx: Source = {
  id: "qqchatexporter-xlsx",
  label: "QQChatExporter's workbook",
  platform: "qq",
  rank: 3,
  sniff: ({ bytes }: Head) => (workbookHead(bytes)?.includes("发送者QQ号") ? 0.95 : 0),
  read,
};

async function* read(file: ChatFile, { named, localTime, run }: ReadContext): AsyncIterable<Found> {
  const { first, all } = await peek(readSheet(file, "聊天记录"));
  const rows = first.filter((one) => one.kind === "row");
  const columns = columnIndexes(rows[0]?.cells ?? [], COLUMNS);
  if (rows.length > 0 && columns.消息内容 === -1) {
    yield { kind: "problem", place: `row ${rows[0]!.number}`, what: "has no column 消息内容" };
    return;
  }
  const conversation = conversationOf(rows.slice(1), columns, file.name, named.name);
  for await (const row of all) {
    run.signal?.throwIfAborted();
    if (row.kind !== "row") yield row;
    else if (row.number > rows[0]!.number) {
      const time = readTime(row.cells[columns.时间] ?? "", localTime);
      if (time === null) yield { kind: "problem", place: `row ${row.number}`, what: "its 时间 is no time" };
      else {
        const message = draft(row.cells, columns, conversation, time);
        if (message) yield { kind: "message", message };
      }
    }
  }
}

/** A group by the file's name, a column of titles, or more than two accounts. */
function conversationOf(
  rows: readonly Row[],
  columns: Columns,
  fileName: string,
  name: string,
): Conversation {
  const accounts = new Set(rows.map(({ cells }) => cells[columns.发送者QQ号] ?? "").filter(isAccount));
  const group = fileName.startsWith("group_") || columns.群头衔 !== -1 || accounts.size > 2;
  return { id: null, name, group };
}

/** @returns undefined if it says nothing */
function draft(
  cells: readonly string[],
  columns: Columns,
  conversation: Conversation,
  time: number,
): Draft | undefined {
  const type = cells[columns.消息类型] ?? "";
  const text = (cells[columns.消息内容] ?? "").trim();
  const base = { conversation, session: null, time, originalType: type === "" ? null : type };
  const sender = cells[columns.发送者] ?? "";
  if (type === "系统消息" || sender === "系统消息")
    return { ...base, sender: "", owner: false, ...qqNotice(text) };
  const account = cells[columns.发送者QQ号] ?? "";
  const recalled = cells[columns.是否撤回] === "是";
  const said = recalled ? ({ kind: "recalled", text: placeholder("recalled") } as const) : qqContent(text);
  if (said.text === "") return undefined;
  return { ...base, ...said, sender, ...(isAccount(account) ? { senderId: account } : {}), owner: null };
}

function isAccount(id: string): boolean {
  return /^[1-9]\d{3,}$/.test(id);
}
