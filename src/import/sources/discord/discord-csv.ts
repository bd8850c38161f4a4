import { type Kind, placeholder } from "../../kinds.js";
import { readCsv } from "../../reading/csv.js";
import { attachmentContent, attachmentName, otherOfTwo } from "./discord-media.js";
import { isoTime } from "../iso-time.js";
import type { ChatFile, Conversation, Draft, Found, Head, ReadContext, Source } from "../source.js";

/** What a message of the program's says, which this format does not mark; always in English. */
const NOTICE =
  /^(?:Pinned a message\.|Joined the server\.|Left the group\.|Changed the channel icon\.|Changed the channel name: .*|Added .{1,40} to the group\.|Removed .{1,40} from the group\.|Started a thread\.)$/;
const CALL = /^Started a call that lasted .* minutes?\.$/;

/**
 * DiscordChatExporter's CSV, a channel in each file. It does not say which channel: its file's name does.
 *
 * @source Tyrrrz/DiscordChatExporter, Exporting/CsvMessageWriter.cs and ExportRequest.cs (file names)
 */
export const discordCsv: Source = {
  id: "discord-csv",
  label: "DiscordChatExporter's CSV",
  platform: "discord",
  rank: 3,
  sniff,
  read,
};

function sniff({ text }: Head): number {
  return /^"?AuthorID"?,"?Author"?,"?Date"?,"?Content"?,"?Attachments"?,"?Reactions"?\s*(?:\r|\n|$)/.test(
    text,
  )
    ? 0.95
    : 0;
}

async function* read(file: ChatFile, { named, localTime, run }: ReadContext): AsyncIterable<Found> {
  const channel = channelOf(file.name, named.name);
  const authors = await authorsOf(file, run.signal);
  // A chat of two does not say so if the file was renamed; three authors are a group for certain.
  const group = channel.group ?? authors.size > 2;
  const conversation: Conversation = { id: channel.id, name: channel.name, group };
  const owner = group ? undefined : otherOfTwo(authors, channel.name);
  for await (const row of readCsv(file)) {
    run.signal?.throwIfAborted();
    if (row.kind !== "row") {
      yield row;
      continue;
    }
    if (row.number === 1) continue;
    const [id = "", author = "", date = "", words = "", attachments = ""] = row.cells;
    const time = isoTime(date, localTime);
    const place = `row ${row.number}`;
    if (row.cells.length < 4)
      yield { kind: "problem", place, what: `has ${row.cells.length} cells (6 expected)` };
    else if (time === null) yield { kind: "problem", place, what: "has no time" };
    else {
      const base = { conversation, session: null, time, originalType: null };
      const message: Draft = NOTICE.test(words)
        ? { ...base, sender: "", owner: false, kind: "system", text: placeholder("system", words) }
        : {
            ...base,
            sender: withoutDiscriminator(author),
            ...(id === "" ? {} : { senderId: id }),
            owner: owner === undefined ? null : id === owner,
            ...content(words, attachments),
          };
      yield { kind: "message", message };
    }
  }
}

function content(words: string, attachments: string): { kind: Kind; text: string } {
  if (CALL.test(words)) return { kind: "call", text: placeholder("call") };
  const names = attachments
    .split(",")
    .map(attachmentName)
    .filter((name) => name !== "");
  if (names.length > 0) return attachmentContent(names, words);
  return words === "" ? { kind: "unknown", text: placeholder("unknown") } : { kind: "text", text: words };
}

/** Who wrote; three are enough to know. */
async function authorsOf(file: ChatFile, signal: AbortSignal | undefined): Promise<Map<string, string[]>> {
  const authors = new Map<string, string[]>();
  for await (const row of readCsv(file)) {
    signal?.throwIfAborted();
    if (row.kind !== "row" || row.number === 1 || row.cells.length < 4) continue;
    const [id = "", author = ""] = row.cells;
    if (!authors.has(id)) authors.set(id, [withoutDiscriminator(author)]);
    if (authors.size > 2) break;
  }
  return authors;
}

/** `mira#0042` → `mira`; accounts have had no such number since 2023. */
function withoutDiscriminator(author: string): string {
  return author.replace(/#\d{4}$/, "");
}

/** `Guild - Category - channel [123] [part 2].csv`, and `Direct Messages - mira [123].csv` for a chat of two. */
function channelOf(
  fileName: string,
  fallback: string,
): { id: string | null; name: string; group: boolean | undefined } {
  const match = /^(?:(.+?) - )?(?:.* - )?([^[]+?) \[(\d{1,20})\]/.exec(fileName);
  if (!match) return { id: null, name: fallback, group: undefined };
  const [, guild = "", name = "", id = ""] = match;
  if (guild === "Direct Messages") return { id, name, group: name.includes(", ") || undefined };
  return { id, name: guild === "" ? name : `${guild} #${name}`, group: true };
}
