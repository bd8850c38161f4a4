import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Bubble, Persona } from "./read.js";

const COLUMNS = [
  "localId",
  "TalkerId",
  "Type",
  "SubType",
  "IsSender",
  "CreateTime",
  "Status",
  "StrContent",
  "StrTime",
  "Remark",
  "NickName",
  "Sender",
];

/** What the database says of a text that was received, and of one that was sent. */
const STATUS = { received: 0, sent: 2 } as const;

/**
 * Writes what MemoTrace version 2 would have exported of this person's chats as CSV: `<contact>/<contact>_utf8.csv` with
 * a byte order mark, all texts. `folder` stands for the program's own `聊天记录`.
 *
 * The scripts' clock is UTC, and so is the exporting machine's.
 *
 * @source LC044/WeChatMsg (MemoTrace), folder app/util/exporter, version 2: layout only
 */
export async function writeMemoTraceCsv(persona: Persona, folder: string): Promise<void> {
  const ids = localIds(persona);
  for (const [index, { name }] of persona.contacts.entries()) {
    const bubbles = persona.sessions.filter(({ contact }) => contact === name).flatMap((s) => s.bubbles);
    const rows = bubbles.map((bubble) =>
      row(bubble, ids.get(bubble)!, index + 1, { owner: persona.name, contact: name }),
    );
    const remark = name.replaceAll(/[/\\:*?"<>|]/g, "_");
    await mkdir(join(folder, remark), { recursive: true });
    const table = [COLUMNS, ...rows].map((cells) => cells.map(cell).join(",")).join("\r\n");
    await writeFile(join(folder, remark, `${remark}_utf8.csv`), `\uFEFF${table}\r\n`);
  }
}

/** A value as RFC 4180 has it. */
function cell(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The names are the sender's; only others have a remark. */
function row(
  { time, owner, text }: Bubble,
  localId: number,
  talkerId: number,
  names: { owner: string; contact: string },
): (string | number)[] {
  const name = owner ? names.owner : names.contact;
  const localTime = new Date(time * 1000).toISOString().slice(0, 19).replace("T", " ");
  const status = owner ? STATUS.sent : STATUS.received;
  const remark = owner ? "" : name;
  return [
    localId,
    talkerId,
    1,
    0,
    Number(owner),
    time,
    status,
    text,
    localTime,
    remark,
    name,
    accountId(name),
  ];
}

/** The database counts its messages through, over all chats. */
function localIds({ sessions }: Persona): Map<Bubble, number> {
  const bubbles = sessions.flatMap((session) => session.bubbles).sort((a, b) => a.time - b.time);
  return new Map(bubbles.map((bubble, at) => [bubble, at + 1]));
}

/** An invented account. */
function accountId(name: string): string {
  return `wxid_${createHash("sha256").update(name).digest("hex").slice(0, 12)}`;
}
