import { access } from "node:fs/promises";
import type { Message } from "../../import/message.js";
import type { Run } from "../../progress.js";
import { protect } from "./protect.js";
import { StandIns } from "./stand-ins.js";

/**
 * Takes out of the file of stand-ins every original that none of the messages holds any more.
 *
 * Where one is found again later, the file's secret gives it the same stand-in again, unless another original has taken
 * that meanwhile. A name that other chats mention stays: without it, it would no longer be found there.
 *
 * @returns how many were taken out
 */
export async function pruneStandIns(
  path: string,
  messages: readonly Message[],
  run: Run = {},
): Promise<number> {
  const there = await access(path).then(
    () => true,
    () => false,
  );
  if (!there) return 0;
  const standIns = await StandIns.open(path);
  const { protectText } = await protect(messages, { policy: "stand-in", standIns }, run);
  for (const contact of new Set(messages.map(({ contact }) => contact))) protectText(contact);
  const gone = standIns.keepAsked();
  await standIns.save(path);
  return gone;
}
