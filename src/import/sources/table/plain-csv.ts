import { MalformedInput } from "../../../errors.js";
import { type Kind, PLACEHOLDERS } from "../../kinds.js";
import { readCsv } from "../../reading/csv.js";
import { GrowingChat } from "../growing-chat.js";
import { type DayOrder, dayOrderOf, hasYearLast, tableTime } from "./table-time.js";
import type { ChatFile, Draft, Found, Head, ReadContext, Source } from "../source.js";

/**
 * A table of any make, comma, semicolon or tab separated, of whose columns the person has said what they hold: by the
 * names in the first row, or by their numbers from 1 where there is no such row.
 */
export const plainCsv: Source = {
  id: "plain-csv",
  label: "a table whose columns you name",
  platform: "table",
  rank: 2,
  needsColumns: true,
  sniff,
  read,
};

/** What a column can hold. */
const HELD = ["time", "sender", "text", "owner", "conversation", "id", "reply"] as const;
type Held = (typeof HELD)[number];

const DELIMITERS = [",", ";", "\t", "|"];

/** Any table will do: formats that are known are surer of theirs. */
function sniff({ text, fileName }: Head): number {
  if (/^\s*[[{<]/.test(text)) return 0;
  const [first = "", second = ""] = text.split(/\r\n|\n|\r/, 2);
  const counts = DELIMITERS.map((one) => [first.split(one).length, second.split(one).length] as const);
  const most = Math.max(...counts.map(([header]) => header));
  if (/\.[ct]sv$/i.test(fileName)) return most >= 2 ? 0.15 : 0;
  return counts.some(([header, row]) => header === most && header >= 3 && header === row) ? 0.05 : 0;
}

async function* read(file: ChatFile, context: ReadContext): AsyncIterable<Found> {
  const { columns, named, localTime, run } = context;
  const places = new Places(columns ?? {}, file.label);
  const chats = new Map<string, GrowingChat>();
  let order: DayOrder | undefined;
  for await (const row of readCsv(file)) {
    if (row.kind !== "row") {
      yield row;
      continue;
    }
    run.signal?.throwIfAborted();
    if (row.number === 1 && places.readHeader(row.cells)) continue;
    const cell = (held: Held): string => row.cells[places.at(held)]?.trim() ?? "";
    const text = cell("text");
    if (text === "") continue;
    const when = cell("time");
    if (order === undefined && hasYearLast(when)) {
      const found = await findOrder(file, places);
      order = found ?? (when.includes("/") ? "month-first" : "day-first");
      if (!found) yield { kind: "note", what: `no date tells day from month; ${order} was taken` };
    }
    const time: number | null = when === "" ? null : tableTime(when, order ?? "day-first", localTime);
    if (time === null && places.at("time") !== -1) {
      const what = when === "" ? "has no time" : "has a time in no known form";
      yield { kind: "problem", place: `row ${row.number}`, what };
      continue;
    }
    const name = cell("conversation") || named.name;
    if (!chats.has(name)) chats.set(name, new GrowingChat(name));
    yield { kind: "message", message: draft(cell, chats.get(name)!, time) };
  }
}

function draft(cell: (held: Held) => string, chat: GrowingChat, time: number | null): Draft {
  const [sender, id, reply] = [cell("sender"), cell("id"), cell("reply")];
  const text = cell("text").replaceAll("\r\n", "\n");
  return {
    conversation: chat.with(sender),
    session: null,
    sender,
    owner: ownerOf(cell("owner")),
    time,
    kind: KINDS.get(text) ?? "text",
    text,
    ...(isWhole(id) && { platformId: id }),
    ...(isWhole(reply) && { replyTo: reply }),
    originalType: null,
  };
}

const KINDS = new Map<string, Kind>(Object.entries(PLACEHOLDERS).map(([kind, text]) => [text, kind as Kind]));

const OWN = /^(?:1|true|yes|y|me|self|own|out|outgoing|sent|是|我|本人)$/i;
const OTHERS = /^(?:0|false|no|n|other|in|incoming|received|否|对方|對方)$/i;

function ownerOf(value: string): boolean | null {
  return OWN.test(value) ? true : OTHERS.test(value) ? false : null;
}

/** Whether an id is there and no spreadsheet has rounded it, such as to 7E+18. */
function isWhole(id: string): boolean {
  return id !== "" && !/^\d(?:[.,]\d+)?E\+?\d+$/i.test(id);
}

/** Whether a table has the day or the month first; reads until a date tells it, undefined if none does. */
async function findOrder(file: ChatFile, places: Places): Promise<DayOrder | undefined> {
  for await (const row of readCsv(file)) {
    const order = row.kind === "row" ? dayOrderOf(row.cells[places.at("time")] ?? "") : undefined;
    if (order) return order;
  }
  return undefined;
}

/** Where in a row is what. */
class Places {
  #label: string;
  #names: Map<Held, string>;
  #indexes = new Map<Held, number>();

  /** @throws {MalformedInput} there is no column for the words, or none that tells who wrote them */
  constructor(columns: Readonly<Record<string, string>>, label: string) {
    this.#label = label;
    const unknown = Object.keys(columns).find((held) => !HELD.includes(held as Held));
    if (unknown !== undefined) throw this.#wrong(`"${unknown}" is nothing a column can hold`);
    this.#names = new Map(Object.entries(columns) as [Held, string][]);
    if (!this.#names.has("text") || (!this.#names.has("sender") && !this.#names.has("owner")))
      throw this.#wrong("no column is named for text, or for sender or owner");
  }

  /**
   * Finds the columns.
   *
   * @returns whether the first row is a header: not where all columns are given by number
   * @throws {MalformedInput} a column is not there
   */
  readHeader(cells: readonly string[]): boolean {
    const header = cells.map((cell) => cell.trim().toLowerCase());
    let isHeader = false;
    for (const [held, name] of this.#names) {
      const index = header.indexOf(name.trim().toLowerCase());
      const numbered = /^\d{1,4}$/.test(name) ? Number(name) - 1 : -1;
      if (index !== -1) isHeader = true;
      else if (numbered < 0 || numbered >= cells.length)
        throw this.#wrong(`there is no column "${name}" among ${cells.length}`);
      this.#indexes.set(held, index === -1 ? numbered : index);
    }
    return isHeader;
  }

  /** The index of a column; -1 if there is none for it. */
  at(held: Held): number {
    return this.#indexes.get(held) ?? -1;
  }

  #wrong(what: string): MalformedInput {
    return new MalformedInput(
      `import ${this.#label}: ${what}. Name them as --columns time=Date,sender=From,text=Body (known: ${HELD.join(", ")}).`,
      { stage: "import", path: this.#label },
    );
  }
}
