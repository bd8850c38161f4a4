import { readJsonLineValues } from "../../reading/json.js";
import { type Fields, fieldsOf, isFields, textOf } from "../fields.js";
import { isoTime } from "../iso-time.js";
import { exportedChat, exportedDrafts, type ExportedMessage } from "./signal-export-types.js";
import type { ChatFile, Found, Head, ReadContext, Source } from "../source.js";

/**
 * signal-export's `<chat>/data.json`: one message a line in spite of its name, times local, own messages by `Me`.
 *
 * @source carderne/signal-export, sigexport/models.py and create.py
 */
export const signalExportJsonl: Source = {
  id: "signal-export-jsonl",
  label: "signal-export's JSON (Signal)",
  platform: "signal",
  rank: 3,
  sniff,
  read,
};

function sniff({ text }: Head): number {
  const first = /^\s*(\{[^\n]*)/.exec(text)?.[1] ?? "";
  const marks = ['"date":', '"sender":', '"body":', '"quote":', '"reactions":', '"attachments":'];
  return marks.every((mark) => first.includes(mark)) ? 0.95 : 0;
}

async function* read(file: ChatFile, context: ReadContext): AsyncIterable<Found> {
  const chat = exportedChat(file, context);
  for await (const found of readJsonLineValues(file)) {
    if (found.kind !== "value") {
      yield found;
      continue;
    }
    context.run.signal?.throwIfAborted();
    const place = `line ${found.path[0]}`;
    const message = isFields(found.value) ? exported(found.value, context) : undefined;
    if (!message) {
      const what = isFields(found.value) ? "has no time" : "not an object";
      yield { kind: "problem", place, what };
      continue;
    }
    for (const draft of exportedDrafts(message, chat)) yield { kind: "message", message: draft };
  }
}

function exported(fields: Fields, { localTime }: ReadContext): ExportedMessage | undefined {
  const date = textOf(fields["date"]);
  const time = isoTime(date, localTime);
  if (time === null) return undefined;
  const { sticker } = fields;
  const label = isFields(sticker) ? textOf(sticker["emoji"]) : textOf(sticker);
  return {
    sender: textOf(fields["sender"]),
    // What has no time at all is given the first second of Unix time, as the zone shows it.
    time: /^19(?:69-12-31|70-01-01)/.test(date) ? null : time,
    body: textOf(fields["body"]).trim(),
    quoted: textOf(fields["quote"]).trim().replace(/^> ?/gm, ""),
    sticker: isFields(sticker) || label !== "" ? label : null,
    files: fieldsOf(fields["attachments"]).map(({ name, path }) => textOf(name) || textOf(path)),
    deleted: fields["deleted"] === true,
    call: fields["call"] === true || fields["missed"] === true,
  };
}
