import { stableId } from "../stable-id.js";
import type { Said } from "./said.js";

/** What a unit of import says, wherever it was found: a dialogue, or a message that has neither time nor dialogue. */
export function contentKey(unit: readonly Said[]): string {
  return stableId(
    unit.flatMap(({ kind, owner, sender, time, text }) => [
      kind,
      Number(owner),
      time === null || owner ? "" : sender,
      time,
      text,
    ]),
  );
}
