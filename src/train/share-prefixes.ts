import type { Sample } from "./sample.js";

/** Where the tokens of samples lie among the rows that go through the model. */
export type SharedRows = {
  /** For each sample the row of each of its tokens but the last, which nothing comes after. */
  rowsOf: Int32Array[];
  /** All rows. */
  count: number;
  /** The first so many belong to several samples each, the others to one. */
  shared: number;
};

type Row = { users: number; number: number };

/**
 * Gives tokens that have all the same before them one row: most dialogues of a step start with the same system prompt.
 * The model computes such a row once, and nothing of the result changes; a tenth of the tokens of short chats, a sixth
 * if there are many in a run.
 *
 * A row whose successor carries loss belongs to one sample only.
 */
export function sharePrefixes(samples: readonly Sample[]): SharedRows {
  const rows: Row[] = [];
  // By the row before and the token's id.
  const children = new Map<Row | undefined, Map<number, Row>>();
  const paths = samples.map(({ ids, weights }) => {
    let before: Row | undefined;
    return Array.from({ length: ids.length - 1 }, (_, position) => {
      const id = ids[position]!;
      const siblings = children.get(before) ?? new Map<number, Row>();
      children.set(before, siblings);
      // What carries loss is never offered to another sample.
      const hasTarget = weights[position + 1]! > 0;
      let row = hasTarget ? undefined : siblings.get(id);
      if (!row) {
        rows.push((row = { users: 0, number: -1 }));
        if (!hasTarget) siblings.set(id, row);
      }
      row.users += 1;
      return (before = row);
    });
  });
  const shared = rows.filter(({ users }) => users > 1);
  const alone = rows.filter(({ users }) => users === 1);
  [...shared, ...alone].forEach((row, number) => (row.number = number));
  return {
    rowsOf: paths.map((path) => Int32Array.from(path, ({ number }) => number)),
    count: rows.length,
    shared: shared.length,
  };
}

/** The same without sharing: each token has a row of its own. */
export function separateRows(samples: readonly Sample[]): SharedRows {
  let count = 0;
  const rowsOf = samples.map(({ ids }) => {
    const first = count;
    count += ids.length - 1;
    return Int32Array.from({ length: ids.length - 1 }, (_, position) => first + position);
  });
  return { rowsOf, count, shared: 0 };
}
