import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";

/** A digest of a base model's folder, 64 hex digits: its configuration and the size of its weights. */
export async function digestBase(base: string): Promise<string> {
  const hash = createHash("sha256").update(await readFile(join(base, "config.json")));
  const weights = await stat(join(base, "model.safetensors")).catch(() => null);
  return hash.update(String(weights?.size)).digest("hex");
}
