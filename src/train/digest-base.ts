import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { openModelTensors } from "../formats/safetensors/read.js";

/**
 * A digest of a base model's folder, 64 hex digits: its configuration, the names, types and shapes of its tensors, and
 * the middle row of each matrix.
 *
 * A row of each is enough to tell other weights of the same size, such as those of a model tuned further, which differ
 * in nearly every row; all of them would take as long as reading the model.
 *
 * @throws {Unavailable} the folder has no weights
 * @throws {MalformedInput} a header is broken
 */
export async function digestBase(base: string): Promise<string> {
  const hash = createHash("sha256").update(await readFile(join(base, "config.json")));
  const source = await openModelTensors(base, "train");
  try {
    for (const { name, type, shape } of source.tensors.values()) {
      hash.update(`${name}\0${type}\0${shape}\0`);
      if (shape.includes(0)) continue;
      // What has no rows is small.
      const rows = shape.length > 1 ? { first: shape[0]! >> 1, count: 1 } : undefined;
      hash.update(await source.readBytes(name, rows));
    }
  } finally {
    await source.close();
  }
  return hash.digest("hex");
}
