import { MalformedInput } from "../errors.js";
import type { Kind } from "../import/kinds.js";
import type { SqlDatabase, SqlValue } from "./sql-database.js";

/** What to look for. */
export type Search = {
  /** Each has to be part of a message, in any order, whether its letters are capital or small. */
  words: readonly string[];
  /** Part of the contact's name; empty for all contacts. */
  contact: string;
  /** How many of the newest to give. */
  limit: number;
};

/** A message that was found. */
export type Match = {
  id: string;
  /** Unix seconds, or null where the export has none. */
  time: number | null;
  contact: string;
  sender: string;
  owner: boolean;
  kind: Kind;
  text: string;
};

/** How many messages match, of how many, and the newest of them. */
export type Matches = { matches: number; messages: number; newest: Match[] };

/**
 * Finds messages by parts of their words, the newest first, those without a time last.
 *
 * @throws {MalformedInput} there is nothing to look for, or no such contact
 */
export function searchMessages(database: SqlDatabase, { words, contact, limit }: Search): Matches {
  const wanted = [...new Set(words.map((word) => word.trim()).filter((word) => word !== ""))];
  if (wanted.length === 0)
    throw new MalformedInput("find words: nothing to look for. Give a part of a message.", { stage: "find" });
  const conditions: { sql: string; values: SqlValue[] }[] = [];
  const long = wanted.filter((word) => [...word].length >= TRIGRAM);
  if (long.length > 0)
    conditions.push({
      sql: "rowid IN (SELECT rowid FROM words WHERE words MATCH ?)",
      values: [long.map(phrase).join(" AND ")],
    });
  for (const word of wanted) if ([...word].length < TRIGRAM) conditions.push(part(word));
  if (contact !== "") conditions.push(ofContacts(database, contact));
  const where = conditions.map(({ sql }) => `(${sql})`).join(" AND ");
  const values = conditions.flatMap((condition) => condition.values);
  const count = database.prepare(`SELECT count(*) AS matches FROM messages WHERE ${where}`).all(...values);
  const rows = database
    .prepare(
      `SELECT id, time, contact, sender, owner, kind, text FROM messages WHERE ${where}
       ORDER BY time IS NULL, time DESC, rowid DESC LIMIT ?`,
    )
    .all(...values, limit);
  const [about] = database.prepare("SELECT messages FROM about").all();
  return {
    matches: Number(count[0]!["matches"]),
    messages: Number(about!["messages"]),
    newest: rows.map((row) => toMatch(row)),
  };
}

/** The index knows every three characters in a row; shorter words are looked for in all messages. */
const TRIGRAM = 3;

/** Both ways in which Unicode writes letters such as é or 한, for exports differ. */
function spellings(word: string): string[] {
  return [...new Set([word, word.normalize("NFC"), word.normalize("NFD")])];
}

function phrase(word: string): string {
  return `(${spellings(word)
    .map((one) => `"${one.replaceAll('"', '""')}"`)
    .join(" OR ")})`;
}

/** SQLite's LIKE knows capital letters of English only. */
function part(word: string): { sql: string; values: SqlValue[] } {
  const first = word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase();
  const forms = [word, word.toLowerCase(), word.toUpperCase(), first].flatMap(spellings);
  const values = [...new Set(forms)].map((form) => `%${form.replace(/[\\%_]/g, "\\$&")}%`);
  return { sql: values.map(() => String.raw`text LIKE ? ESCAPE '\'`).join(" OR "), values };
}

function ofContacts(database: SqlDatabase, name: string): { sql: string; values: SqlValue[] } {
  const known = database.prepare("SELECT contact FROM contacts").all();
  const sought = fold(name);
  const values = known
    .map(({ contact }) => String(contact))
    .filter((contact) => fold(contact).includes(sought));
  if (values.length > 0)
    return { sql: "contact IN (SELECT value FROM json_each(?))", values: [JSON.stringify(values)] };
  throw new MalformedInput(
    `find --contact: no contact's name holds "${name}" (${known.length} contacts; import.json lists them). Give a part of one of their names.`,
    { stage: "find" },
  );
}

function fold(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

function toMatch(row: Record<string, SqlValue>): Match {
  return {
    id: String(row["id"]),
    time: row["time"] === null ? null : Number(row["time"]),
    contact: String(row["contact"]),
    sender: String(row["sender"]),
    owner: row["owner"] === 1,
    kind: row["kind"] as Kind,
    text: String(row["text"]),
  };
}
