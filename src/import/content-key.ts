import { stableId } from "../stable-id.js";
import type { Draft } from "./sources/source.js";

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
