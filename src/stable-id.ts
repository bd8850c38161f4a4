import { hash } from "node:crypto";

/** 16 hex digits that stand for the parts, in their order; the same on every machine and in every run. */
export function stableId(parts: readonly (string | number | null)[]): string {
  return hash("sha256", JSON.stringify(parts)).slice(0, 16);
}
