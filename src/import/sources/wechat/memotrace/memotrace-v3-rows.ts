import type { Row } from "../../../reading/csv.js";
import type { Remark } from "../../../reading/json.js";
import { type Sides, tellSides } from "./memotrace-sides.js";
import { peek } from "../../peek.js";
import type { ChatFile, Draft, Found, ReadContext } from "../../source.js";
import { type ColumnIndexes, columnIndexes } from "../../table/table-header.js";
import { readContent } from "../wechat-content.js";
import { platformIdOf } from "../wechat-id.js";
import { kindOfLabel } from "../wechat-labels.js";
import { readTime } from "../wechat-time.js";
import { kindOfLocalType } from "../wechat-types.js";

/** The columns of MemoTrace 3, as CSV and as the sheet 聊天记录; more follow. */
export const V3_HEADER = "消息ID,类型,发送人,时间,内容,备注,昵称";

const COLUMNS = ["消息ID", "类型", "发送人", "时间", "内容", "备注", "昵称"] as const;

type Columns = ColumnIndexes<(typeof COLUMNS)[number]>;

/** The messages of a table of MemoTrace 3. Nothing in it marks the owner. */
export async function* readV3Rows(
  table: AsyncIterable<Row | Remark>,
  file: ChatFile,
  context: ReadContext,
): AsyncIterable<Found> {
  const { first, all } = await peek(table);
  const rows = first.filter((one) => one.kind === "row");
  const header = rows.find(({ cells }) => cells.some((cell) => cell.trim() === "消息ID"));
  if (!header) {
    for await (const one of all) if (one.kind !== "row") yield one;
    if (rows.length > 0) yield { kind: "problem", place: "row 1", what: "has no column 消息ID" };
    return;
  }
  const columns = columnIndexes(header.cells, COLUMNS);
  const missing = COLUMNS.slice(1, 5).find((name) => columns[name] === -1);
  if (missing !== undefined) {
    yield { kind: "problem", place: `row ${header.number}`, what: `has no column ${missing}` };
    return;
  }
  const writers = new Set(
    rows.flatMap(({ cells, number }) =>
      number > header.number && cells[columns.发送人] ? [writerOf(cells, columns)] : [],
    ),
  );
  const sides = tellSides(file, context, writers);
  for await (const row of all) {
    if (row.kind !== "row") yield row;
    else if (row.number > header.number) {
      context.run.signal?.throwIfAborted();
      const draft = readRow(row.cells, columns, sides, context);
      if (typeof draft === "string") yield { kind: "problem", place: `row ${row.number}`, what: draft };
      else if (draft) yield { kind: "message", message: draft };
    }
  }
}

/** The name by which a row's writer is compared with the contact's. */
function writerOf(cells: readonly string[], columns: Columns): string {
  return cells[columns.备注] || cells[columns.发送人] || "";
}

/** The draft of a row; what is wrong with it; or undefined if it says nothing. */
function readRow(
  cells: readonly string[],
  columns: Columns,
  sides: Sides,
  { localTime }: ReadContext,
): Draft | string | undefined {
  const content = cells[columns.内容];
  if (content === undefined) return `has ${cells.length} cells, too few`;
  const time = readTime(cells[columns.时间]!, localTime);
  if (time === null) return "its 时间 is no time";
  const originalType = (cells[columns.类型] ?? "").trim();
  const kind = kindOfLabel(originalType) ?? "unknown";
  if ((kind === "text" || kind === "quote") && content.trim() === "") return undefined;
  // A type that MemoTrace does not know is given as its number, on a line before the content.
  const known = kind === "unknown" ? kindOfLocalType(content.split("\n", 1)[0]!) : kind;
  const said =
    known === "text" || known === "quote" ? readContent(kind, content) : readContent(known, content);
  const sender = (cells[columns.发送人] ?? "").trim();
  const common = { conversation: sides.conversation, session: null, time, ...said, originalType };
  const platformId = platformIdOf(cells[columns.消息ID]);
  const id = platformId === undefined ? {} : { platformId };
  if (said.kind === "system" || sender === "") return { ...common, ...id, sender: "", owner: false };
  const writer = writerOf(cells, columns);
  const senderId = sides.idOf(writer);
  const account = senderId === undefined ? {} : { senderId };
  return { ...common, ...id, ...account, sender, owner: sides.ownerOf(writer) };
}
