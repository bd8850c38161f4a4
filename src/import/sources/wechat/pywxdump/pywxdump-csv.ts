import { readCsv } from "../../../reading/csv.js";
import { parseJsLiteral } from "../../../reading/js-literal.js";
import { isFields, textOf } from "../../fields.js";
import { peek } from "../../peek.js";
import { PyWxDumpMessages } from "./pywxdump-message.js";
import { isUserList, readUserNames } from "./pywxdump-users.js";
import type { ChatFile, Found, Head, ReadContext, Source } from "../../source.js";
import { type ColumnIndexes, columnIndexes, startsWithHeader } from "../../table/table-header.js";

const SIGNATURE = "id,MsgSvrID,type_name,is_sender,talker,";
const COLUMNS = [
  "MsgSvrID",
  "type_name",
  "is_sender",
  "talker",
  "room_name",
  "msg",
  "content",
  "CreateTime",
  "is_forward",
] as const;

/**
 * PyWxDump's CSV, in parts of 5,000 messages, and WeClone's, which has the same columns: types in Chinese or English,
 * `is_forward` where the sender passed something on, and before 2024-12 the words as JSON in `content`.
 *
 * A table that a spreadsheet has saved again lacks seconds and long ids.
 *
 * @source xaoyaoo/PyWxDump, api/export/exportCSV.py; xming521/WeClone, data/models.py and issue 7
 */
export const pywxdumpCsv: Source = {
  id: "pywxdump-csv",
  label: "PyWxDump's and WeClone's CSV",
  platform: "wechat",
  rank: 4,
  sniff,
  isCompanion: isUserList,
  read,
};

function sniff({ text }: Head): number {
  if (!startsWithHeader(text, SIGNATURE)) return 0;
  return startsWithHeader(text, `${SIGNATURE}room_name`) ? 0.95 : 0.8;
}

type Columns = ColumnIndexes<(typeof COLUMNS)[number]>;

/** A time as a spreadsheet leaves it. */
const WITHOUT_SECONDS = /^\s*\d{4}[-/]\d{1,2}[-/]\d{1,2} \d{1,2}:\d{2}\s*$/;

async function* read(file: ChatFile, context: ReadContext): AsyncIterable<Found> {
  const names = await readUserNames(context);
  const messages = new PyWxDumpMessages(file, names, context);
  const { first, all } = await peek(readCsv(file));
  const header = first.find((one) => one.kind === "row");
  const columns = columnIndexes(header?.cells ?? [], COLUMNS);
  let saved = false;
  for await (const row of all) {
    if (row.kind !== "row") yield row;
    else if (row.number > 1) {
      context.run.signal?.throwIfAborted();
      const draft = readRow(row.cells, columns, messages);
      if (typeof draft === "string") yield { kind: "problem", place: `row ${row.number}`, what: draft };
      else if (draft) yield { kind: "message", message: draft };
      saved ||= WITHOUT_SECONDS.test(row.cells[columns.CreateTime] ?? "");
    }
  }
  if (saved) {
    const what =
      "a spreadsheet has saved this table again: seconds are lost, long ids rounded, and words such as 007 changed";
    yield { kind: "note", what };
  }
}

function readRow(
  cells: readonly string[],
  columns: Columns,
  messages: PyWxDumpMessages,
): ReturnType<PyWxDumpMessages["read"]> {
  if (cells.length <= Math.max(columns.msg, columns.content, columns.CreateTime))
    return `has ${cells.length} cells, too few`;
  const cell = (at: number) => cells[at] ?? "";
  const msg = columns.msg === -1 ? messageOf(cell(columns.content)) : cell(columns.msg);
  if (msg === undefined) return "its content is no JSON";
  return messages.read({
    id: cell(columns.MsgSvrID),
    typeName: cell(columns.type_name),
    isSender: cell(columns.is_sender),
    talker: cell(columns.talker),
    roomName: cell(columns.room_name),
    msg,
    time: cell(columns.CreateTime),
    isForward: cell(columns.is_forward),
  });
}

/** The words in `{"src": …, "msg": …}`, as JSON or as Python prints it; undefined if it is neither. */
function messageOf(content: string): string | undefined {
  try {
    const value = parseJsLiteral(content);
    return isFields(value) ? textOf(value["msg"]) : undefined;
  } catch {
    return undefined;
  }
}
