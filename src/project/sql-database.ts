/** What a column of a row can hold. */
export type SqlValue = string | number | null;

/** A statement with `?` for its values. */
export interface SqlStatement {
  run(...values: SqlValue[]): unknown;
  all(...values: SqlValue[]): Record<string, SqlValue>[];
}

/** What the index of messages needs of an SQLite library, with FTS5 and its trigram tokenizer. Every call blocks. */
export interface SqlDatabase {
  /** Runs statements without values. */
  exec(sql: string): void;
  /** @throws {Error} the file is no database, or does not hold what the statement names */
  prepare(sql: string): SqlStatement;
  close(): void;
}

/** Opens a database file, which has to be there; an empty one is a database without tables. */
export type OpenDatabase = (path: string) => SqlDatabase;
