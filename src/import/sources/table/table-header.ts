/** Where each column of a table is: its index in a row, -1 if the table lacks it. */
export type ColumnIndexes<Name extends string> = Readonly<Record<Name, number>>;

/** Finds columns by the names in a header row, whatever their order; names are compared without spaces around them. */
export function columnIndexes<Name extends string>(
  header: readonly string[],
  names: readonly Name[],
): ColumnIndexes<Name> {
  const trimmed = header.map((name) => name.trim());
  const found = names.map((name) => [name, trimmed.indexOf(name)] as const);
  return Object.fromEntries(found) as ColumnIndexes<Name>;
}

/** Whether a text starts with this header row, as Python's csv or a re-save by Excel writes it. */
export function startsWithHeader(text: string, header: string): boolean {
  const line = text.slice(0, header.length * 4).trimStart();
  return line.replaceAll('"', "").replace(/ *, */g, ",").startsWith(header);
}
