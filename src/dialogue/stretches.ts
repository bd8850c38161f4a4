import type { Message } from "../import/message.js";
import type { Reason } from "./reasons.js";
import type { Session } from "./sessions.js";

/** Messages between which nothing is missing. */
export type Stretch = {
  /** A message from elsewhere that the first one answers by a link. */
  quoted: Message | null;
  messages: Message[];
};

/** What cuts a session apart and what ties over cuts. */
export type Ties = {
  /** Messages that are left out, and why. */
  cuts: ReadonlyMap<Message, Reason>;
  /** By own message, the incoming one that it answers by a link. */
  links: ReadonlyMap<Message, Message>;
};

/**
 * A session as stretches, cut wherever a message is left out, an own message comes too late to belong to the reply
 * before it, or an own message answers by a link something else than the question right before it.
 *
 * Such a link starts a stretch at the message that it names, be that of this session or an older one. So interleaved
 * threads come apart wherever the owner quotes; where the owner does not, the order decides.
 *
 * @returns stretches in order, some perhaps empty; the session's system prompts; and what was left out
 */
export function cutStretches(
  { messages, burstSeconds }: Pick<Session, "messages" | "burstSeconds">,
  { cuts, links }: Ties,
): { stretches: Stretch[]; prompts: Message[]; dropped: { message: Message; reason: Reason }[] } {
  const stretches: Stretch[] = [{ quoted: null, messages: [] }];
  const prompts: Message[] = [];
  const dropped: { message: Message; reason: Reason }[] = [];
  for (const message of messages) {
    if (message.kind === "system-prompt") {
      prompts.push(message);
      continue;
    }
    const target = links.get(message);
    const reason = cuts.get(message) ?? (target && cuts.has(target) ? "answers-left-out" : undefined);
    if (reason) {
      dropped.push({ message, reason });
      stretches.push({ quoted: null, messages: [] });
      continue;
    }
    const before = stretches.at(-1)!;
    const late = isLate(message, before.messages.at(-1), burstSeconds);
    if (target && (late || !asksLast(before, target)))
      stretches.push({ quoted: target, messages: [message] });
    else if (late) stretches.push({ quoted: null, messages: [message] });
    else before.messages.push(message);
  }
  return { stretches, prompts, dropped };
}

function isLate(message: Message, before: Message | undefined, burstSeconds: number): boolean {
  if (!message.owner || !before?.owner || burstSeconds === Infinity) return false;
  return message.time! - before.time! > burstSeconds;
}

/** Whether a message is among those that came in last, before what the owner may have begun to answer. */
function asksLast({ quoted, messages }: Stretch, target: Message): boolean {
  let at = messages.length - 1;
  while (at >= 0 && messages[at]!.owner) at -= 1;
  if (at < 0) return quoted === target;
  for (; at >= 0 && !messages[at]!.owner; at -= 1) if (messages[at] === target) return true;
  return false;
}
