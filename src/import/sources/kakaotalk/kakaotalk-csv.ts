import { placeholder } from "../../kinds.js";
import { readCsv } from "../../reading/csv.js";
import { GrowingChat } from "../growing-chat.js";
import { isoTime } from "../iso-time.js";
import { isKakaoNotice, kakaoParts } from "./kakaotalk-types.js";
import type { ChatFile, Found, Head, ReadContext, Source } from "../source.js";

/** KakaoTalk's table as macOS writes it, named `KakaoTalk_Chat_<room>_<date>.csv`; rows without a user are notices. */
export const kakaotalkCsv: Source = {
  id: "kakaotalk-csv",
  label: "KakaoTalk's CSV (macOS)",
  platform: "kakaotalk",
  rank: 3,
  sniff,
  read,
};

function sniff({ text, fileName }: Head): number {
  const [header = "", first = ""] = text.split(/\r\n|\n|\r/, 2);
  if (!/^"?Date"?,"?User"?,"?Message"?$/.test(header)) return 0;
  const dated = /^"?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"?,/.test(first);
  return /^KakaoTalk/i.test(fileName) || dated ? 0.95 : 0.6;
}

async function* read(file: ChatFile, { named, localTime, run }: ReadContext): AsyncIterable<Found> {
  const room = /^KakaoTalk_Chat_(.+?)(?:_\d{4}-\d\d-\d\d[-\d_]*)?(?: ?\(\d+\))?\.csv$/i.exec(file.name)?.[1];
  const chat = new GrowingChat(room ?? (named.name || file.name.replace(/\.csv$/i, "")));
  let lastTime: number | null = null;
  for await (const row of readCsv(file)) {
    if (row.kind !== "row") {
      yield row;
      continue;
    }
    run.signal?.throwIfAborted();
    if (row.number === 1) continue;
    const [date = "", user = "", message = ""] = row.cells.map((cell) =>
      cell.trim().replaceAll("\r\n", "\n"),
    );
    const time: number | null = date === "" ? lastTime : isoTime(date, localTime);
    if (time === null && date !== "") {
      yield { kind: "problem", place: `row ${row.number}`, what: "has no time that can be read" };
      continue;
    }
    lastTime = time;
    if (message === "") continue;
    const base = { session: null, time, originalType: null };
    if (user === "" || isKakaoNotice(message)) {
      const words = placeholder("system", message);
      const notice = { ...base, sender: "", owner: false, kind: "system" as const, text: words };
      yield { kind: "message", message: { ...notice, conversation: chat.with("") } };
      continue;
    }
    for (const part of kakaoParts(message))
      yield {
        kind: "message",
        message: { ...base, ...part, conversation: chat.with(user), sender: user, owner: null },
      };
  }
}
