import type { TensorSource } from "../../formats/tensors.js";
import { copyMatrixRow, type PlainMatrix } from "./matrix.js";

/** Where tokens get their first vectors from. */
export type Embedding = {
  /** Writes the vectors of tokens to `target`, [tokens, hidden]. */
  embed(ids: Int32Array, target: Float32Array): Promise<void>;
};

/** The embedding of a model whose output matrix is the same one. */
export function tiedEmbedding(head: PlainMatrix): Embedding {
  return {
    embed: async (ids, target) => ids.forEach((id, token) => copyMatrixRow(head, id, target, token)),
  };
}

/**
 * An embedding that stays in its file: a row is read when a token first occurs, and kept. Chats use a few thousand of
 * a vocabulary of over 100,000.
 */
export function storedEmbedding(source: TensorSource, name: string): Embedding {
  const rows = new Map<number, Float32Array>();
  return {
    embed: async (ids, target) => {
      for (const [token, id] of ids.entries()) {
        let row = rows.get(id);
        if (!row) rows.set(id, (row = await source.readFloat32(name, { first: id, count: 1 })));
        target.set(row, token * row.length);
      }
    },
  };
}
