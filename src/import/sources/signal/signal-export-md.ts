import type { CalendarTime } from "../../local-time.js";
import { readLines } from "../../reading/lines.js";
import { exportedChat, exportedDrafts, type ExportedMessage } from "./signal-export-types.js";
import type { ChatFile, Found, Head, ReadContext, Source } from "../source.js";

/**
 * signal-export's `<chat>/chat.md`: `[2024-05-01 16:00:00] Me: words`, in older versions `[2024-05-01, 16:00]`, each
 * message's first line ending in two spaces.
 *
 * @source carderne/signal-export, sigexport/models.py, create.py and merge.py
 */
export const signalExportMd: Source = {
  id: "signal-export-md",
  label: "signal-export's Markdown (Signal)",
  platform: "signal",
  rank: 2,
  sniff,
  read,
};

const HEAD = /^\[(\d{4})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)|, (\d\d):(\d\d))\] ([^\n]{0,100}?): ?(.*)$/;
const STICKER = /^\(\( (.*) \)\)$/;
// Bounded, so that a long line of brackets takes no time.
const STICKER_FILE = /\[([^\]]{0,200})\]\(\.\.\/exported_stickers\/[^)]{0,300}\) {0,2}$/;
const FILE = /!?\[([^\]]{0,300})\]\((?:\.\/)?media\/([^)\s]{0,600})\) {0,2}/g;
const DELETED = "(This message was deleted)";

/** WhatsApp has the same head in some languages; the name of the owner and the line ends are signal-export's own. */
function sniff({ text, fileName }: Head): number {
  const head = /^\[\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d|, \d\d:\d\d)\] [^\n]{1,100}?: ?/m.exec(text);
  if (head?.index !== 0) return 0;
  const own = /^\[[^\]\n]+\] Me: /m.test(text) ? 0.3 : 0;
  const ends = /^\[[^\]\n]+\] [^\n]* {2}\r?\n/m.test(text) ? 0.3 : 0;
  return own + ends === 0 ? 0 : 0.3 + own + ends + (/\.md$/i.test(fileName) ? 0.05 : 0);
}

async function* read(file: ChatFile, context: ReadContext): AsyncIterable<Found> {
  const chat = exportedChat(file, context);
  let open: { head: RegExpExecArray; lines: string[]; at: number } | undefined;
  let stray = false;
  const close = function* (): Iterable<Found> {
    if (!open) return;
    const message = exported(open.head, open.lines, context);
    if (message.time === null) {
      yield { kind: "problem", place: `line ${open.at}`, what: "no such date" };
      return;
    }
    for (const draft of exportedDrafts(message, chat)) yield { kind: "message", message: draft };
  };
  for await (const line of readLines(file)) {
    if (line.kind !== "line") {
      yield line;
      continue;
    }
    context.run.signal?.throwIfAborted();
    const head = HEAD.exec(line.text);
    if (head) {
      yield* close();
      open = { head, lines: [head[10]!], at: line.number };
    } else if (open) open.lines.push(line.text);
    else if (line.text.trim() !== "" && !stray) {
      stray = true;
      yield { kind: "problem", place: `line ${line.number}`, what: "belongs to no message" };
    }
  }
  yield* close();
}

function exported(
  head: RegExpExecArray,
  lines: readonly string[],
  { localTime }: ReadContext,
): ExportedMessage {
  const message: ExportedMessage = {
    sender: head[9]!,
    time: localTime(headTime(head)),
    body: "",
    quoted: "",
    sticker: null,
    files: [],
    deleted: lines[0] === DELETED,
    call: false,
  };
  const words = [...lines];
  // An answer begins with an empty line, the quote, another empty line.
  if (words[0]!.trim() === "" && words[1] === "" && words[2]?.startsWith("> ")) {
    const end = words.findIndex((line, at) => at > 2 && !line.startsWith("> "));
    const quote = words.splice(0, end === -1 ? words.length : end).slice(2);
    message.quoted = quote.map((line) => line.slice(2)).join("\n");
  }
  const own: string[] = [];
  for (const line of words) {
    if (isReactions(line)) continue;
    const label = STICKER.exec(line)?.[1];
    if (label !== undefined) {
      message.sticker = label;
      continue;
    }
    own.push(withoutFiles(line, message));
  }
  message.body = own.join("\n").trim();
  return message;
}

/** A line without its links to media, which are added to the message. */
function withoutFiles(line: string, message: ExportedMessage): string {
  if (!line.includes("media/") && !line.includes("exported_stickers/")) return line;
  message.sticker = STICKER_FILE.exec(line)?.[1] ?? message.sticker;
  for (const [, name, path] of line.matchAll(FILE)) message.files.push(name || path!);
  return line.replace(STICKER_FILE, "").replace(FILE, "");
}

/** `(- Mira Lund: 👍, Me: 🎉 -)` */
function isReactions(line: string): boolean {
  return line.startsWith("(- ") && line.endsWith(" -)") && line.includes(": ");
}

function headTime(head: RegExpExecArray): CalendarTime {
  const [year, month, day] = [Number(head[1]), Number(head[2]), Number(head[3])] as const;
  const [hour, minute] = [Number(head[4] ?? head[7]), Number(head[5] ?? head[8])] as const;
  return { year, month, day, hour, minute, second: Number(head[6] ?? 0) };
}
