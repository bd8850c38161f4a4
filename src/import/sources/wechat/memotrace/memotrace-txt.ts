import { readLines } from "../../../reading/lines.js";
import { type Sides, tellSides } from "./memotrace-sides.js";
import { peek } from "../../peek.js";
import type { ChatFile, Draft, Found, Head, ReadContext, Source } from "../../source.js";
import { readContent, readUntyped } from "../wechat-content.js";
import { readNotice } from "../wechat-notices.js";
import { cutBehind } from "../wechat-quotes.js";
import { readTime } from "../wechat-time.js";
import { kindOfLocalType } from "../wechat-types.js";
import { decodeEntities } from "../wechat-xml.js";

/** The line before a message: its time, and who wrote it or, of a notice in version 2, what it says. */
const HEADER = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?: (.+))?$/;

/** What version 3 writes of a type that it does not know: its number, and what the database holds. */
const UNKNOWN_TYPE = /^(\d{2,16})\n\s*[{<]/;

/**
 * MemoTrace (留痕) as text, versions 2 and 3: `2024-05-01 16:00:00 小满`, the message in lines of its own, an empty line.
 *
 * Version 2 leaves out transfers and red packets.
 *
 * @source LC044/WeChatMsg, app/util/exporter/exporter_txt.py; zprolab/WeChatMsg, exporter/exporter_txt.py
 */
export const memotraceTxt: Source = {
  id: "memotrace-txt",
  label: "MemoTrace's text",
  platform: "wechat",
  rank: 2,
  sniff,
  read,
};

function sniff({ text }: Head): number {
  const [first = "", second] = text
    .slice(0, 4000)
    .trimStart()
    .split(/\r\n|\n|\r/);
  const header = HEADER.exec(first.trimEnd());
  // WeFlow puts names in single quotes, QQ an account in brackets behind them.
  if (!header || second === undefined || /^'.*'$|[(<][\d\w@.-]{5,}[)>]$/.test(header[2] ?? "")) return 0;
  return 0.7;
}

/** A message's lines, and where it starts. */
type Block = { time: string; name: string; lines: string[]; line: number };

async function* read(file: ChatFile, context: ReadContext): AsyncIterable<Found> {
  const { first, all } = await peek(blocks(file));
  const writers = new Set(
    first.flatMap((one) => (one.kind === "block" && !isNotice(one.block) ? [nameOf(one.block)] : [])),
  );
  const sides = tellSides(file, context, writers);
  for await (const one of all) {
    if (one.kind !== "block") yield one;
    else {
      context.run.signal?.throwIfAborted();
      const draft = readBlock(one.block, sides, context);
      if (draft) yield { kind: "message", message: draft };
      else yield { kind: "problem", place: `line ${one.block.line}`, what: "its time does not exist" };
    }
  }
}

/** A file's messages; what stands before the first one is a problem. */
async function* blocks(file: ChatFile): AsyncIterable<{ kind: "block"; block: Block } | Found> {
  let block: Block | undefined;
  for await (const line of readLines(file)) {
    if (line.kind !== "line") {
      yield line;
      continue;
    }
    const header = HEADER.exec(line.text.trimEnd());
    if (header) {
      if (block) yield { kind: "block", block };
      block = { time: header[1]!, name: header[2] ?? "", lines: [], line: line.number };
    } else if (block) block.lines.push(line.text);
    else if (line.text.trim() !== "") {
      yield { kind: "problem", place: `line ${line.number}`, what: "stands before the first message" };
    }
  }
  if (block) yield { kind: "block", block };
}

/** Version 3 names nobody; version 2 gives the notice where the name would be, and no lines. */
function isNotice({ name, lines }: Block): boolean {
  return name === "" || lines.every((line) => line.trim() === "");
}

function readBlock(block: Block, sides: Sides, { localTime }: ReadContext): Draft | undefined {
  const time = readTime(block.time, localTime);
  if (time === null) return undefined;
  const common = { conversation: sides.conversation, session: null, time, originalType: null };
  const text = textOf(block);
  if (isNotice(block)) return { ...common, ...readNotice(text || block.name), sender: "", owner: false };
  const sender = nameOf(block);
  const senderId = sides.idOf(sender);
  const account = senderId === undefined ? {} : { senderId };
  const number = UNKNOWN_TYPE.exec(text)?.[1];
  if (number !== undefined) {
    const kind = kindOfLocalType(number);
    return {
      ...common,
      ...account,
      sender,
      owner: sides.ownerOf(sender),
      ...readContent(kind === "text" ? "unknown" : kind, ""),
    };
  }
  const cut = cutBehind(text);
  const reply = cut?.text ?? text;
  const said =
    cut && cut.quoted !== ""
      ? { ...readUntyped(reply), quoted: readUntyped(cut.quoted).text }
      : readUntyped(reply);
  return { ...common, ...account, sender, owner: sides.ownerOf(sender), ...said };
}

/** The lines without the empty ones that part the message from the next, and the indent of version 2's links. */
function textOf({ lines }: Block): string {
  let end = lines.length;
  while (end > 0 && lines[end - 1]!.trim() === "") end -= 1;
  const text = lines.slice(0, end).join("\n");
  return /^\s+\[链接\]/.test(text) ? linkTitle(text) : text;
}

/** `[链接]:title:words` and further lines → `[链接] words`. */
function linkTitle(text: string): string {
  const title = /\[链接\]\s*:?\s*title:([^\n]*)/.exec(text)?.[1]?.trim() ?? "";
  return title === "" || title === "None" ? "[链接]" : `[链接] ${title}`;
}

/** A name as it was before version 2 made it fit for JavaScript and HTML. */
function nameOf({ name }: Block): string {
  return decodeEntities(name.replace(/\\(['"\\])/g, "$1")).trim();
}
