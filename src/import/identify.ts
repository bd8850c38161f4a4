import { stableId } from "../stable-id.js";
import type { Message } from "./message.js";
import type { Said } from "./said.js";

/** What identifies a unit beside its own words. */
export type Identity = {
  source: string;
  contact: string;
  /** Whether it is a dialogue as the export cut it, or a single message. */
  dialogue: boolean;
  /** The content key of the unit. */
  key: string;
  /** 1 for the first unit of its contact with this key, 2 for the next. */
  ordinal: number;
};

/**
 * The messages of one dialogue (or the one message that has neither time nor dialogue) with their ids. These depend on
 * the contact and the words, never on the file, so that exporting or importing again changes none.
 */
export function identify(
  unit: readonly Said[],
  { source, contact, dialogue, key, ordinal }: Identity,
): Message[] {
  const sessionId = stableId([contact, key, ordinal]);
  return unit.map(({ sender, owner, time, kind, text, originalType }, index) => ({
    id: stableId([sessionId, index, kind, Number(owner), text]),
    source,
    contact,
    session: dialogue ? sessionId : null,
    sender,
    owner,
    time,
    kind,
    text,
    replyTo: null,
    originalType,
  }));
}
