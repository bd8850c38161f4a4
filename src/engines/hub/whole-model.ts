import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Whether a folder has a configuration, a tokenizer, and each file of its weights. */
export function isWholeModel(folder: string): boolean {
  if (!["config.json", "tokenizer.json"].every((name) => existsSync(join(folder, name)))) return false;
  if (existsSync(join(folder, "model.safetensors"))) return true;
  const shards = shardsIn(folder);
  return shards.length > 0 && shards.every((name) => existsSync(join(folder, name)));
}

/** The files that the index of a folder's weights names; none without a readable index. */
export function shardsIn(folder: string): string[] {
  try {
    const index = readText(join(folder, "model.safetensors.index.json")) ?? "{}";
    const { weight_map: map } = JSON.parse(index) as { weight_map?: Record<string, unknown> };
    return [...new Set(Object.values(map ?? {}).map(String))];
  } catch {
    return [];
  }
}

/** A small text file; undefined if it cannot be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
