import { type Kind, placeholder } from "../../kinds.js";
import { parseJson } from "../../../files.js";
import { readCsv } from "../../reading/csv.js";
import { readJsonValues } from "../../reading/json.js";
import { readText } from "../../reading/text.js";
import { attachmentContent, attachmentName } from "./discord-media.js";
import { type Fields, idOf, isFields, textOf } from "../fields.js";
import { isoTime } from "../iso-time.js";
import type { ChatFile, Conversation, Found, Head, ReadContext, Source } from "../source.js";

const CSV_HEADER = /^"?ID"?,"?Timestamp"?,"?Contents"?,"?Attachments"?\s*(?:\r|\n|$)/;
const JSON_START = /^\s*\[\s*\{\s*"ID"\s*:\s*"?\d+"?\s*,\s*"Timestamp"\s*:/;
const HAS_ZONE = /(?:Z|[+-]\d{2}:?\d{2})$/;
const CHANNEL_FILE = /^\s*\{\s*"id"\s*:\s*"\d+"\s*,\s*"type"\s*:/;

/**
 * The data package that Discord itself sends: a folder for each channel with `channel.json` and `messages.json` (or
 * `.csv`). It holds the owner's own messages only, without what they answer.
 *
 * @source no specification; Discord's help page on the data package
 */
export const discordPackage: Source = {
  id: "discord-package",
  label: "Discord's data package",
  platform: "discord",
  rank: 4,
  sniff: ({ text }: Head) => (CSV_HEADER.test(text) || JSON_START.test(text) ? 0.95 : 0),
  isCompanion: ({ text, fileName }: Head) => fileName === "channel.json" && CHANNEL_FILE.test(text),
  read,
};

async function* read(file: ChatFile, context: ReadContext): AsyncIterable<Found> {
  const { named, localTime, run } = context;
  const conversation = await conversationOf(context.near("channel.json"), named.name);
  yield {
    kind: "problem",
    place: "the file",
    what: "Discord's data package holds one's own messages only, nothing they answer; export the channel with DiscordChatExporter to have both",
  };
  for await (const found of rows(file)) {
    run.signal?.throwIfAborted();
    if (found.kind !== "row") {
      yield found;
      continue;
    }
    const { place, id, words, attachments } = found;
    // Discord's clock is UTC; newer packages do not say so.
    const time = isoTime(HAS_ZONE.test(found.timestamp) ? found.timestamp : `${found.timestamp}Z`, localTime);
    if (time === null) yield { kind: "problem", place, what: "has no time" };
    else {
      const base = { conversation, session: null, sender: "", owner: true, time, originalType: null };
      const platformId = id === undefined ? {} : { platformId: id };
      yield { kind: "message", message: { ...base, ...platformId, ...content(words, attachments) } };
    }
  }
}

type Row = {
  kind: "row";
  place: string;
  id: string | undefined;
  timestamp: string;
  words: string;
  attachments: string;
};

async function* rows(file: ChatFile): AsyncIterable<Row | Extract<Found, { kind: "problem" | "note" }>> {
  if (!file.name.toLowerCase().endsWith(".csv")) {
    for await (const found of readJsonValues(file, ["*"])) {
      if (found.kind !== "value") yield found;
      else {
        const place = `message ${Number(found.path[0]) + 1}`;
        if (isFields(found.value)) yield jsonRow(found.value, place);
        else yield { kind: "problem", place, what: "not an object" };
      }
    }
    return;
  }
  for await (const row of readCsv(file)) {
    if (row.kind !== "row") yield row;
    else if (row.number > 1) {
      const [id, timestamp = "", words = "", attachments = ""] = row.cells;
      yield { kind: "row", place: `row ${row.number}`, id: idOf(id), timestamp, words, attachments };
    }
  }
}

function jsonRow(fields: Fields, place: string): Row {
  const [timestamp, words, attachments] = [
    fields["Timestamp"],
    fields["Contents"],
    fields["Attachments"],
  ].map(textOf);
  return {
    kind: "row",
    place,
    id: idOf(fields["ID"]),
    timestamp: timestamp!,
    words: words!,
    attachments: attachments!,
  };
}

function content(words: string, attachments: string): { kind: Kind; text: string } {
  const names = attachments
    .split(/[\s,]+/)
    .map(attachmentName)
    .filter((name) => name !== "");
  if (names.length > 0) return attachmentContent(names, words);
  return words === "" ? { kind: "unknown", text: placeholder("unknown") } : { kind: "text", text: words };
}

/** `channel.json` is small: the channel's number, its kind, and the server or the members' numbers. */
async function conversationOf(file: ChatFile | undefined, fallback: string): Promise<Conversation> {
  let text = "";
  if (file) for await (const piece of readText(file)) text += piece.kind === "text" ? piece.text : "";
  let channel: unknown;
  try {
    channel = parseJson(text, "import", "channel.json");
  } catch {
    // The messages are of use without it.
  }
  if (!isFields(channel)) return { id: null, name: fallback, group: false };
  const type = channel["type"];
  const guild = isFields(channel["guild"]) ? textOf(channel["guild"]["name"]) : "";
  const name = textOf(channel["name"]);
  const group = type !== "DM" && type !== 1;
  return {
    id: idOf(channel["id"]) ?? null,
    name: guild === "" ? name || fallback : `${guild} #${name}`,
    group,
  };
}
