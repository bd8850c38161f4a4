import { MalformedInput } from "../errors.js";
import type { Message } from "../import/message.js";
import type { LedgerEntry } from "./dialogue.js";

/**
 * Makes sure that every message is in a dialogue or once in the ledger, and none in both.
 *
 * @throws {MalformedInput} two messages have the same id
 * @throws {Error} the sum is wrong, which is our mistake
 */
export function checkAccount(
  messages: readonly Pick<Message, "id">[],
  used: readonly (readonly string[])[],
  ledger: readonly Pick<LedgerEntry, "messageIds">[],
): void {
  const places = new Map<string, "nowhere" | "dialogue" | "ledger">();
  for (const { id } of messages) places.set(id, "nowhere");
  if (places.size < messages.length) {
    const path = "messages.jsonl";
    throw new MalformedInput(
      `dialogue ${path}: ${messages.length - places.size} messages have the id of another. Import again with --fresh.`,
      { stage: "dialogue", path },
    );
  }
  let [learnt, dropped] = [0, 0];
  for (const ids of used) {
    for (const id of ids) {
      if (places.get(id) === "nowhere") learnt += 1;
      places.set(id, "dialogue");
    }
  }
  for (const { messageIds } of ledger) {
    for (const id of messageIds) {
      if (places.get(id) === "nowhere") dropped += 1;
      else throw new Error(`internal: message ${id} is in the ledger twice, or in a dialogue too`);
      places.set(id, "ledger");
    }
  }
  if (places.size > messages.length || learnt + dropped !== messages.length) {
    throw new Error(
      `internal: ${messages.length} messages, of which ${learnt} are used and ${dropped} dropped`,
    );
  }
}
