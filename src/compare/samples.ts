import type { Sample, SystemKey } from "./comparison.js";
import { SYSTEM_KEYS } from "./comparison.js";
import { breakagesOf, type Reply, type Yardstick } from "./measure-system.js";
import { choosePrompts } from "./prompts.js";

const SAMPLES = 6;
const CONTEXT_TURNS = 3;

/** A handful of prompts with everyone's reply, chosen by the seed and never by how they turned out. */
export function chooseSamples(replies: Record<SystemKey, readonly Reply[]>, yardstick: Yardstick): Sample[] {
  const prompts = choosePrompts(
    replies.real.map(({ prompt }) => prompt),
    SAMPLES,
    yardstick.seed,
  );
  return prompts.map((prompt) => {
    const replyOf = (key: SystemKey): Sample["replies"][SystemKey] => {
      const reply = replies[key].find((candidate) => candidate.prompt.id === prompt.id)!;
      return { text: reply.text.trim(), broken: breakagesOf(reply, yardstick), cut: reply.cut };
    };
    return {
      contact: prompt.contact,
      context: prompt.context.slice(-CONTEXT_TURNS).map(({ role, text }) => ({ role, text })),
      replies: Object.fromEntries(SYSTEM_KEYS.map((key) => [key, replyOf(key)])) as Sample["replies"],
    };
  });
}
