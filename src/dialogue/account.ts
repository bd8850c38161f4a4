import type { Message } from "../import/message.js";

type Holder = { readonly messages: readonly Message[] };

/**
 * Makes sure that every message is in a dialogue or once among those that are left out, and none in both.
 *
 * @returns how many are in a dialogue; one that is in several counts once
 * @throws {Error} the sum is wrong, which is our mistake
 */
export function checkAccount(
  messages: readonly Message[],
  dialogues: readonly Holder[],
  leftOut: readonly Holder[],
): number {
  const known = new Set(messages);
  const placed = new Set<Message>();
  const place = (message: Message): void => {
    if (!known.has(message)) throw new Error(`internal: message ${message.id} was never imported`);
    placed.add(message);
  };
  for (const dialogue of dialogues) dialogue.messages.forEach(place);
  const used = placed.size;
  for (const one of leftOut) {
    for (const message of one.messages) {
      if (placed.has(message)) {
        throw new Error(`internal: message ${message.id} is left out twice, or is in a dialogue too`);
      }
      place(message);
    }
  }
  if (placed.size !== messages.length) {
    throw new Error(`internal: of ${messages.length} messages ${placed.size} are used or left out`);
  }
  return used;
}
