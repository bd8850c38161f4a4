import { type Kind, PLACEHOLDERS } from "../kinds.js";
import type { Draft } from "../sources/source.js";

/** All kinds in the order in which lines number them. */
const KINDS: readonly Kind[] = ["text", "system-prompt", ...(Object.keys(PLACEHOLDERS) as Kind[])];
const NUMBER_OF = new Map(KINDS.map((kind, number) => [kind, number]));

/** What few messages have. */
export type Extras = Pick<Draft, "replyTo" | "quoted" | "mentions" | "forwarded" | "bot">;

/**
 * A message as a segment keeps it. Texts stay the JSON literals that they are written as, for most of them are only
 * passed on.
 */
export type Line = {
  speaker: number;
  time: number | null;
  kind: Kind;
  session: number | null;
  /** JSON literal, or empty. */
  platformId: string;
  /** JSON literal, or empty. */
  originalType: string;
  /** JSON literal. */
  text: string;
  extras: Extras | null;
};

/**
 * A message as a line, its end included: fields between tabs, texts as JSON, in which tabs and line ends are escaped.
 *
 * @param time whole Unix seconds, or null
 */
export function formatLine(draft: Draft, speaker: number, time: number | null): string {
  const { session, kind, platformId, originalType, text } = draft;
  return `${speaker}\t${time ?? ""}\t${NUMBER_OF.get(kind)!}\t${session ?? ""}\t${literal(platformId)}\t${literal(originalType)}\t${JSON.stringify(text)}\t${extrasOf(draft)}\n`;
}

/** The message in a line without its end. */
export function parseLine(line: string): Line {
  const [speaker, time, kind, session, platformId, originalType, text, extras] = line.split("\t") as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  return {
    speaker: Number(speaker),
    time: time === "" ? null : Number(time),
    kind: KINDS[Number(kind)]!,
    session: session === "" ? null : Number(session),
    platformId,
    originalType,
    text,
    extras: extras === "" ? null : (JSON.parse(extras) as Extras),
  };
}

function literal(text: string | null | undefined): string {
  return text === null || text === undefined ? "" : JSON.stringify(text);
}

function extrasOf({ replyTo, quoted, mentions, forwarded, bot }: Draft): string {
  if (!replyTo && !quoted && !mentions && !forwarded && !bot) return "";
  return JSON.stringify({ replyTo, quoted, mentions, forwarded, bot });
}
