import { stableId } from "../stable-id.js";
import type { Message } from "./message.js";
import type { Draft } from "./sources/source.js";

/** What identifies a unit beside its own words. */
export type Identity = {
  source: string;
  /** The content key of the unit. */
  key: string;
  /** 1 for the first unit of its contact with this key, 2 for the next. */
  ordinal: number;
  /** The owner's name as the settings give it; empty to keep what the file says. */
  owner: string;
};

/** The name of an owner whom neither a setting nor the export names. */
const NAMELESS_OWNER = "me";

/**
 * The messages of one dialogue (or the one message that has a time) with their ids. These depend on the contact and
 * the words, never on the file, so that exporting or importing again changes none.
 */
export function identify(unit: readonly Draft[], { source, key, ordinal, owner }: Identity): Message[] {
  const { conversation, session } = unit[0]!;
  const contact = conversation.name;
  const sessionId = stableId([contact, key, ordinal]);
  return unit.map((draft, index) => ({
    id: stableId([sessionId, index, draft.kind, Number(draft.owner === true), draft.text]),
    source,
    contact,
    session: session === null ? null : sessionId,
    sender: draft.owner ? owner || draft.sender || NAMELESS_OWNER : draft.sender,
    owner: draft.owner === true,
    time: draft.time,
    kind: draft.kind,
    text: draft.text,
    replyTo: null,
    originalType: draft.originalType,
  }));
}
