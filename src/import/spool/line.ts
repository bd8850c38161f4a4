import type { Entry, Extras, Origin } from "../entry.js";
import { type Kind, PLACEHOLDERS } from "../kinds.js";
import type { Draft } from "../sources/source.js";
import type { Speaker } from "./segment.js";

/** All kinds in the order in which lines number them. */
const KINDS: readonly Kind[] = ["text", "system-prompt", ...(Object.keys(PLACEHOLDERS) as Kind[])];
const NUMBER_OF = new Map(KINDS.map((kind, number) => [kind, number]));

/**
 * A message as a line, its end included: fields between tabs, texts as JSON, in which tabs and line ends are escaped.
 *
 * @param time whole Unix seconds, or null
 */
export function formatLine(draft: Draft, speaker: number, time: number | null): string {
  const { session, kind, platformId, originalType, text } = draft;
  return `${speaker}\t${time ?? ""}\t${NUMBER_OF.get(kind)!}\t${session ?? ""}\t${literal(platformId)}\t${literal(originalType)}\t${JSON.stringify(text)}\t${extrasOf(draft)}\n`;
}

/** The number of the speaker in a line. */
export function speakerOf(line: string): number {
  return Number(line.slice(0, line.indexOf("\t")));
}

/** The message in a line without its end, with what is known of its speaker and its file. */
export function parseLine(line: string, by: Speaker, owner: boolean, origin: Origin): Entry {
  const a = line.indexOf("\t");
  const b = line.indexOf("\t", a + 1);
  const c = line.indexOf("\t", b + 1);
  const d = line.indexOf("\t", c + 1);
  const e = line.indexOf("\t", d + 1);
  const f = line.indexOf("\t", e + 1);
  const g = line.indexOf("\t", f + 1);
  return {
    origin,
    by,
    owner,
    time: b === a + 1 ? null : Number(line.slice(a + 1, b)),
    kind: KINDS[Number(line.slice(b + 1, c))]!,
    session: d === c + 1 ? null : Number(line.slice(c + 1, d)),
    platformId: line.slice(d + 1, e),
    originalType: line.slice(e + 1, f),
    text: line.slice(f + 1, g),
    extras: g + 1 === line.length ? null : (JSON.parse(line.slice(g + 1)) as Extras),
  };
}

function literal(text: string | null | undefined): string {
  return text === null || text === undefined ? "" : JSON.stringify(text);
}

function extrasOf({ replyTo, quoted, mentions, forwarded, bot }: Draft): string {
  if (!replyTo && !quoted && !mentions && !forwarded && !bot) return "";
  return JSON.stringify({ replyTo, quoted, mentions, forwarded, bot });
}
