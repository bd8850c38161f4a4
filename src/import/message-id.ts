import { hash } from "node:crypto";
import type { Draft } from "./sources/source.js";

/** 16 hex digits that stand for the parts, the same on every machine. */
export function stableId(parts: readonly (string | number | null)[]): string {
  return hash("sha256", JSON.stringify(parts)).slice(0, 16);
}

/** What a unit of import says, wherever it was found: a dialogue, or a message that has a time. */
export function contentKey(unit: readonly Draft[]): string {
  return stableId(
    unit.flatMap(({ kind, owner, sender, time, text }) => [
      kind,
      Number(owner),
      time === null ? "" : sender,
      time,
      text,
    ]),
  );
}
