import type { LocalTime } from "../../local-time.js";
import { mimePart } from "../../reading/mime.js";
import { readText } from "../../reading/text.js";
import { type MhtRow, MhtRows } from "./qq-mht-rows.js";
import { qqName } from "./qq-name.js";
import { QqSection } from "./qq-section.js";
import type { ChatFile, Found, Head, ReadContext, Source } from "../source.js";

/**
 * The MHT file of the old message manager of QQ: a web page of one table, and its pictures behind it in the same file.
 *
 * The pictures make it gigabytes long; they are not read.
 *
 * @source four public parsers agree on it; Tencent describes it nowhere
 */
export const qqMht: Source = {
  id: "qq-mht",
  label: "QQ's own MHT",
  platform: "qq",
  rank: 4,
  sniff,
  read,
};

function sniff({ text }: Head): number {
  if (!/^(?:[\w-]+:.*\r?\n[\s\S]{0,2000})?content-type:\s*(?:multipart\/related|text\/html)/im.test(text))
    return 0;
  if (/Save by Tencent MsgMgr/i.test(text.slice(0, 2000))) return 0.95;
  return />消息对象:/.test(text) && /#(?:42B475|006EFE)/i.test(text) ? 0.9 : 0;
}

/** Where in the file the reading is. */
type Place = { category: string; contact: string; date: string; section: QqSection; messages: number };

async function* read(file: ChatFile, { named, localTime, run }: ReadContext): AsyncIterable<Found> {
  const rows = new MhtRows();
  const section = new QqSection("", named.name);
  const place: Place = { category: "", contact: named.name, date: "", section, messages: 0 };
  let empty = true;
  for await (const piece of readText(mimePart(file, "text/html"))) {
    run.signal?.throwIfAborted();
    if (piece.kind !== "text") {
      yield piece;
      continue;
    }
    empty &&= piece.text === "";
    for (const row of rows.write(piece.text)) yield* take(row, place, localTime);
  }
  for (const row of rows.end()) yield* take(row, place, localTime);
  yield* place.section.end();
  if (empty) yield { kind: "problem", place: "the file", what: "has no part of type text/html" };
}

function* take(row: MhtRow, place: Place, localTime: LocalTime): Iterable<Found> {
  if (row.kind === "message") {
    place.messages += 1;
    const [year, month, day] = place.date.split("-").map(Number) as [number, number, number];
    const [, hour, minute, second] = (/^(\d{1,2}):(\d{2}):(\d{2})$/.exec(row.clock) ?? []).map(Number);
    const time =
      place.date === "" || hour === undefined
        ? null
        : localTime({ year, month, day, hour, minute: minute!, second: second! });
    const { from, words, own } = row;
    yield* place.section.add({ from: qqName(from), time, place: `message ${place.messages}`, words, own });
    return;
  }
  const [, key, value] = /^(日期|消息分组|消息对象): ?(.*)$/.exec(row.text) ?? [];
  if (key === undefined) return;
  if (key === "日期") place.date = /^\d{4}-\d{1,2}-\d{1,2}$/.test(value!) ? value! : "";
  else {
    yield* place.section.end();
    if (key === "消息分组") place.category = value!;
    else place.contact = value!;
    place.section = new QqSection(place.category, place.contact);
  }
}
