import { Parser } from "htmlparser2";
import { LimitExceeded, MalformedInput, Unsupported } from "../../errors.js";
import type { ChatFile } from "../sources/source.js";
import type { Row } from "./csv.js";
import type { Remark } from "./json.js";
import { type CellType, cellText, columnOf, isDateFormat } from "./xlsx-cells.js";
import { openZip, whyNotInflated, type Zip, type ZipEntry } from "./zip.js";

/** A workbook is a zip whose list of files comes last, so that it is held whole; a million rows make 60 MB. */
const MAX_BYTES = 256 * 2 ** 20;
/** Texts that occur in cells are held whole, too. */
const MAX_TEXT_BYTES = 512 * 2 ** 20;
/** No exporter's table has more than 20; a hostile one would name the last of 16,384 in each row. */
const MAX_COLUMNS = 256;

/**
 * The rows of a sheet of an Excel workbook (.xlsx) as texts, in the form in which `readCsv` gives a table: the number
 * is that of the sheet, empty rows are left out, cells that are not there are empty.
 *
 * A date is given as `2024-05-01 16:00:00`, whatever its format shows. The sheet is read as a stream.
 *
 * @param sheet its name; the first one without
 * @throws {MalformedInput} no workbook, or a damaged one
 * @throws {Unsupported} an older or encrypted workbook
 * @throws {LimitExceeded} too large, or made to grow beyond bounds
 * @source ECMA-376 part 1, 18.2 (workbook), 18.3 (sheet), 18.4 (shared texts), 18.8 (styles)
 */
export async function* readSheet(file: ChatFile, sheet?: string): AsyncIterable<Row | Remark> {
  const zip = await openZip(await wholeFile(file), file.label);
  const parts = new Map<string, ZipEntry>();
  for await (const entry of zip.entries()) parts.set(entry.fileNameRaw.toString(), entry);
  const book: Book = { zip, parts, label: file.label };
  const { sheets, from1904 } = await readWorkbook(book);
  const wanted = sheet === undefined ? sheets[0] : sheets.find(({ name }) => name === sheet);
  if (!wanted) {
    const what = sheet === undefined ? "has no sheet" : `has no sheet ${sheet}`;
    yield { kind: "problem", place: "the workbook", what };
    return;
  }
  const texts = await readSharedTexts(book);
  const dates = await readDateStyles(book);
  yield* readRows(book, wanted.part, { texts, dates, from1904 });
}

type Book = { zip: Zip; parts: ReadonlyMap<string, ZipEntry>; label: string };
type Attributes = Record<string, string>;
type Handlers = {
  open?: (name: string, attributes: Attributes) => void;
  text?: (text: string) => void;
  close?: (name: string) => void;
};

async function wholeFile(file: ChatFile): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of file.open()) {
    pieces.push(piece);
    size += piece.byteLength;
    if (size > MAX_BYTES) {
      throw refused(LimitExceeded, file.label, `over ${MAX_BYTES} bytes`, "Save it as CSV");
    }
  }
  const bytes = Buffer.concat(pieces);
  if (bytes.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))) {
    const what = "an .xls workbook or one with a password";
    throw refused(Unsupported, file.label, what, "Save it as .xlsx without a password");
  }
  return bytes;
}

/** Goes through a part of the workbook, names without their prefix; after each piece it lets the caller act. */
async function* parsePart(book: Book, part: string, handlers: Handlers): AsyncIterable<void> {
  const entry = book.parts.get(part);
  if (!entry) throw refused(MalformedInput, book.label, `the workbook lacks ${part}`, "Export it again");
  const why = whyNotInflated(entry);
  if (why !== undefined) throw refused(LimitExceeded, book.label, `${part} ${why}`, "Save it as CSV");
  const parser = new Parser(
    {
      onopentag: (name, attributes) => handlers.open?.(local(name), attributes),
      ontext: (text) => handlers.text?.(text),
      onclosetag: (name) => handlers.close?.(local(name)),
    },
    { xmlMode: true, decodeEntities: true },
  );
  const decoder = new TextDecoder();
  for await (const piece of book.zip.read(entry, book.label)) {
    parser.write(decoder.decode(piece, { stream: true }));
    yield;
  }
  parser.end(decoder.decode());
  yield;
}

function local(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

async function parseWhole(book: Book, part: string, handlers: Handlers): Promise<void> {
  for await (const _ of parsePart(book, part, handlers));
}

async function readWorkbook(
  book: Book,
): Promise<{ sheets: { name: string; part: string }[]; from1904: boolean }> {
  const targets = new Map<string, string>();
  await parseWhole(book, "xl/_rels/workbook.xml.rels", {
    open: (name, { Id = "", Target = "" }) => {
      if (name !== "Relationship") return;
      targets.set(Id, Target.startsWith("/") ? Target.slice(1) : `xl/${Target.replace(/^\.\//, "")}`);
    },
  });
  const sheets: { name: string; part: string }[] = [];
  let from1904 = false;
  await parseWhole(book, "xl/workbook.xml", {
    open: (tag, attributes) => {
      if (tag === "workbookPr") from1904 = /^(?:1|true)$/.test(attributes["date1904"] ?? "");
      if (tag !== "sheet") return;
      const id = Object.entries(attributes).find(([key]) => key === "r:id" || key.endsWith(":id"))?.[1] ?? "";
      sheets.push({ name: attributes["name"] ?? "", part: targets.get(id) ?? "" });
    },
  });
  return { sheets, from1904 };
}

async function readSharedTexts(book: Book): Promise<string[]> {
  const part = "xl/sharedStrings.xml";
  const entry = book.parts.get(part);
  if (!entry) return [];
  if (entry.uncompressedSize > MAX_TEXT_BYTES) {
    throw refused(LimitExceeded, book.label, `its texts take over ${MAX_TEXT_BYTES} bytes`, "Save it as CSV");
  }
  const texts: string[] = [];
  const collector = textCollector();
  await parseWhole(book, part, {
    open: (name) => {
      if (name === "si") collector.restart();
      collector.open(name);
    },
    text: collector.text,
    close: (name) => {
      collector.close(name);
      if (name === "si") texts.push(collector.restart());
    },
  });
  return texts;
}

/** Gathers what stands in `t`, but not the pronunciation (`rPh`) that Japanese workbooks put beside it. */
function textCollector() {
  let gathered = "";
  let within = false;
  let phonetic = false;
  return {
    open: (name: string) => {
      if (name === "rPh") phonetic = true;
      else if (name === "t") within = !phonetic;
    },
    text: (text: string) => {
      if (within) gathered += text;
    },
    close: (name: string) => {
      if (name === "rPh") phonetic = false;
      else if (name === "t") within = false;
    },
    restart: () => {
      const text = gathered;
      gathered = "";
      return text;
    },
  };
}

/** Which of the cells' styles are those of dates, by their place in the list. */
async function readDateStyles(book: Book): Promise<boolean[]> {
  const part = "xl/styles.xml";
  if (!book.parts.has(part)) return [];
  const codes = new Map<number, string>();
  const dates: boolean[] = [];
  let within = false;
  await parseWhole(book, part, {
    open: (name, { numFmtId = "0", formatCode = "" }) => {
      if (name === "cellXfs") within = true;
      else if (name === "numFmt") codes.set(Number(numFmtId), formatCode);
      else if (name === "xf" && within)
        dates.push(isDateFormat(Number(numFmtId), codes.get(Number(numFmtId))));
    },
    close: (name) => {
      if (name === "cellXfs") within = false;
    },
  });
  return dates;
}

type Context = { texts: readonly string[]; dates: readonly boolean[]; from1904: boolean };

async function* readRows(book: Book, part: string, context: Context): AsyncIterable<Row> {
  const { texts, dates, from1904 } = context;
  let rows: Row[] = [];
  let number = 0;
  let cells: string[] = [];
  let column = 0;
  let type: CellType = { type: "n", date: false };
  let value = "";
  let within = false;
  const inline = textCollector();
  const open = (name: string, attributes: Attributes) => {
    if (name === "c") {
      column = columnOf(attributes["r"] ?? "") ?? column;
      type = { type: attributes["t"] ?? "n", date: dates[Number(attributes["s"])] ?? false };
      value = "";
      inline.restart();
    } else if (name === "v") within = true;
    else if (name === "row") {
      const given = Number(attributes["r"]);
      number = Number.isSafeInteger(given) && given > number ? given : number + 1;
      cells = [];
      column = 0;
    } else inline.open(name);
  };
  const close = (name: string) => {
    if (name === "v") within = false;
    else if (name === "row") {
      if (cells.some((cell) => cell !== "")) rows.push({ kind: "row", cells, number });
    } else if (name === "c") {
      const text =
        type.type === "s"
          ? (texts[Number(value)] ?? "")
          : type.type === "inlineStr"
            ? inline.restart()
            : value;
      if (column < MAX_COLUMNS) {
        while (cells.length < column) cells.push("");
        cells[column] = cellText(text, type, from1904);
      }
      column += 1;
    } else inline.close(name);
  };
  const text = (piece: string) => {
    if (within) value += piece;
    else inline.text(piece);
  };
  for await (const _ of parsePart(book, part, { open, text, close })) {
    yield* rows;
    rows = [];
  }
}

function refused<Kind>(
  kind: new (message: string, place: { stage: string; path: string }) => Kind,
  label: string,
  what: string,
  next: string,
): Kind {
  return new kind(`import ${label}: ${what}. ${next}.`, { stage: "import", path: label });
}
