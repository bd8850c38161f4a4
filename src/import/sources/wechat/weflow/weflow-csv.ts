import { readCsv, type Row } from "../../../reading/csv.js";
import { peek } from "../../peek.js";
import type { ChatFile, Conversation, Draft, Found, Head, ReadContext, Source } from "../../source.js";
import { columnIndexes, startsWithHeader } from "../../table/table-header.js";
import { type Content, readContent } from "../wechat-content.js";
import { kindOfLabel } from "../wechat-labels.js";
import { readTime } from "../wechat-time.js";
import { weflowChatName, weflowText } from "./weflow-text.js";

const SIGNATURE = "id,MsgSvrID,type_name,is_sender,talker,msg,src,CreateTime";
const COLUMNS = ["MsgSvrID", "type_name", "is_sender", "talker", "msg", "CreateTime"] as const;
/** What has a type of its own there; everything else is called a text. */
const TYPED = new Set(["image", "sticker", "video", "voice", "location", "file"]);

/**
 * WeFlow's table for WeClone: notices, calls, transfers, red packets, links and quotes are all of type `text`.
 *
 * @source hicccc77/WeFlow, electron/services/export/formatters/WeCloneFormatter.ts (2026)
 */
export const weflowCsv: Source = {
  id: "weflow-csv",
  label: "WeFlow's CSV for WeClone",
  platform: "wechat",
  rank: 4,
  sniff,
  read,
};

/** PyWxDump's older tables have the same header, but Chinese types and local times. */
function sniff({ text }: Head): number {
  if (!startsWithHeader(text, SIGNATURE)) return 0;
  return /,"?(?:text|image|sticker|video|voice|location|file)"?,"?[01]"?,/.test(text) &&
    /T\d\d:\d\d:\d\d[\d.]*Z/.test(text)
    ? 0.97
    : 0;
}

async function* read(file: ChatFile, { named, localTime, run }: ReadContext): AsyncIterable<Found> {
  const { first, all } = await peek(readCsv(file));
  const rows = first.filter((one) => one.kind === "row");
  const columns = columnIndexes(rows[0]?.cells ?? [], COLUMNS);
  const missing = COLUMNS.filter((name) => rows.length > 0 && columns[name] === -1);
  if (missing.length > 0) {
    yield {
      kind: "problem",
      place: `row ${rows[0]!.number}`,
      what: `the header lacks ${missing.join(", ")}`,
    };
    return;
  }
  const width = Math.max(...Object.values(columns)) + 1;
  const conversation = conversationOf(rows.slice(1), columns, weflowChatName(named.name, file.name));
  for await (const row of all) {
    run.signal?.throwIfAborted();
    if (row.kind !== "row") yield row;
    else if (row.number > rows[0]!.number) {
      const draft = readRow(row.cells);
      if (typeof draft === "string") yield { kind: "problem", place: `row ${row.number}`, what: draft };
      else if (draft) yield { kind: "message", message: draft };
    }
  }

  function readRow(cells: readonly string[]): Draft | string | undefined {
    if (cells.length < width) return `has ${cells.length} cells, too few`;
    const isSender = cells[columns.is_sender];
    if (isSender !== "0" && isSender !== "1") return "its is_sender is neither 0 nor 1";
    const time = readTime(cells[columns.CreateTime]!, localTime);
    if (time === null) return "its CreateTime is no time";
    const type = cells[columns.type_name]!;
    const said = content(type, (cells[columns.msg] ?? "").replaceAll("\r\n", "\n"), isSender === "1");
    if (said.text.trim() === "") return undefined;
    const id = (cells[columns.MsgSvrID] ?? "").trim();
    const base = {
      ...said,
      conversation,
      session: null,
      time,
      ...(/^\d{5,}$/.test(id) ? { platformId: id } : {}),
      originalType: type,
    };
    if (said.kind === "system") return { ...base, sender: "", owner: false };
    return { ...base, sender: cells[columns.talker]!, owner: isSender === "1" };
  }
}

function content(type: string, written: string, own: boolean): Content {
  if (type !== "text") return readContent(kindOfLabel(type) ?? "unknown", written);
  const said = weflowText(written, own);
  // What would have been typed otherwise was typed by hand.
  return TYPED.has(said.kind) ? { kind: "text", text: written } : said;
}

/** A chat of two is called as the other one is. */
function conversationOf(
  rows: readonly Row[],
  columns: Readonly<Record<(typeof COLUMNS)[number], number>>,
  { name, group }: { name: string; group: boolean | null },
): Conversation {
  const others = new Set<string>();
  for (const { cells } of rows) if (cells[columns.is_sender] === "0") others.add(cells[columns.talker] ?? "");
  const [only] = others.size === 1 ? others : [];
  if (group ?? others.size > 1) return { id: null, name, group: true };
  return { id: null, name: only || name, group: false };
}
