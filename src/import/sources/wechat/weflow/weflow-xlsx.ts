import { placeholder } from "../../../kinds.js";
import { workbookHead } from "../../../reading/xlsx-head.js";
import { readSheet } from "../../../reading/xlsx.js";
import type { ChatFile, Conversation, Draft, Found, Head, ReadContext, Source } from "../../source.js";
import { columnIndexes } from "../../table/table-header.js";
import { type Content, readContent } from "../wechat-content.js";
import { kindOfLabel } from "../wechat-labels.js";
import { readTime } from "../wechat-time.js";
import { isGroupId, isProgramId } from "../wechat-types.js";
import { weflowChatName, weflowText } from "./weflow-text.js";

const COLUMNS = [
  "时间",
  "发送者昵称",
  "发送者账号ID",
  "发送者微信ID",
  "群昵称",
  "发送者身份",
  "消息类型",
  "内容",
] as const;
type Columns = Readonly<Record<(typeof COLUMNS)[number], number>>;

/** How the owner is called, in chats of two only. */
const MYSELF = "我";

/**
 * WeFlow's workbook: a few rows about the chat, then a table with some columns or more.
 *
 * @source hicccc77/WeFlow, electron/services/export/formatters/ExcelFormatter.ts (2026)
 */
export const weflowXlsx: Source = {
  id: "weflow-xlsx",
  label: "WeFlow's workbook",
  platform: "wechat",
  rank: 4,
  sniff,
  read,
};

/** Heights of the rows about the chat and of the header. */
const HEIGHTS =
  /<row r="1"[^>]*\bht="25".{1,4000}?<row r="2"[^>]*\bht="20".{1,4000}?<row r="4"[^>]*\bht="22"/s;

/** The texts, and the maker's name, come last in the file: of a large chat only the start of the sheet is there. */
function sniff({ bytes }: Head): number {
  const head = workbookHead(bytes);
  if (head === undefined) return 0;
  if (head.includes("发送者身份") || head.includes("<dc:creator>WeFlow<")) return 0.95;
  return HEIGHTS.test(head) ? 0.8 : 0;
}

async function* read(file: ChatFile, { named, localTime, run }: ReadContext): AsyncIterable<Found> {
  const { name, group } = weflowChatName(named.name, file.name);
  let conversation: Conversation = { id: null, name, group: group ?? false };
  let columns: Columns | undefined;
  for await (const row of readSheet(file)) {
    run.signal?.throwIfAborted();
    if (row.kind !== "row") {
      yield row;
      continue;
    }
    const { cells, number } = row;
    if (!columns) {
      if (cells.includes("发送者身份")) columns = columnIndexes(cells, COLUMNS);
      else conversation = described(conversation, cells);
      continue;
    }
    const time = readTime(cells[columns.时间] ?? "", localTime);
    if (time === null) yield { kind: "problem", place: `row ${number}`, what: "its 时间 is no time" };
    else {
      const message = draft(cells, columns, conversation, time);
      if (message) yield { kind: "message", message };
    }
  }
  if (!columns) yield { kind: "problem", place: "the sheet", what: "has no column 发送者身份" };
}

/** `微信ID, wxid_demo1, , 昵称, Lin, 备注, 小满`: each value stands in the next cell that is not empty. */
function described(conversation: Conversation, cells: readonly string[]): Conversation {
  const said = cells.filter((cell) => cell !== "");
  const after = (...keys: string[]) => said[said.findIndex((cell) => keys.includes(cell)) + 1];
  const id = said[0] === "账号ID" || said[0] === "微信ID" ? said[1] : undefined;
  if (id === undefined || id === "昵称") return conversation;
  const name = (said.includes("备注") && after("备注")) || (said.includes("昵称") && after("昵称"));
  return { id, name: name || conversation.name, group: conversation.group || isGroupId(id) };
}

/** @returns undefined if it says nothing */
function draft(
  cells: readonly string[],
  columns: Columns,
  conversation: Conversation,
  time: number,
): Draft | undefined {
  const cell = (column: number) => cells[column] ?? "";
  const role = cell(columns.发送者身份);
  const own = !conversation.group && role === MYSELF;
  const type = cell(columns.消息类型);
  const said = content(type, cell(columns.内容).trim(), own);
  if (said.text === "") return undefined;
  const base = { ...said, conversation, session: null, time, originalType: type === "" ? null : type };
  if (said.kind === "system") return { ...base, sender: "", owner: false };
  const senderId = cell(columns.发送者账号ID) || cell(columns.发送者微信ID);
  return {
    ...base,
    sender: own ? cell(columns.发送者昵称) : role,
    ...(senderId === "" ? {} : { senderId }),
    owner: conversation.group ? null : own,
    ...(!own && isProgramId(senderId) ? { bot: true } : {}),
  };
}

function content(type: string, text: string, own: boolean): Content {
  const kind = kindOfLabel(type);
  if (kind === undefined || kind === "unknown") {
    const said = weflowText(text, own);
    return said.kind === "text" && type !== ""
      ? { kind: "unknown", text: placeholder("unknown", text) }
      : said;
  }
  return readContent(kind === "text" && text.includes("[引用 ") ? "quote" : kind, text);
}
