import { hasAssistantPhrase, hasLeak } from "./leak.js";
import { hasLongRepeat, hasRepeatedTrigram } from "./loop.js";
import { isWrongScript, type Script } from "./script.js";

/** Every way in which a reply can be broken, worst first. */
export const BREAKAGES = [
  "empty",
  "leak",
  "wrongScript",
  "repeatedTrigram",
  "longRepeat",
  "assistantPhrase",
  "tokenLimit",
] as const;
export type Breakage = (typeof BREAKAGES)[number];

/**
 * All ways in which a reply is broken; empty for a sound one.
 *
 * @param cut whether it ran into the token limit without an end
 * @param usual the scripts that the person or the prompt uses
 */
export function breakages(reply: string, cut: boolean, usual: ReadonlySet<Script>): Breakage[] {
  const found: Record<Breakage, boolean> = {
    empty: reply.trim() === "",
    leak: hasLeak(reply),
    wrongScript: isWrongScript(reply, usual),
    repeatedTrigram: hasRepeatedTrigram(reply),
    longRepeat: hasLongRepeat(reply),
    assistantPhrase: hasAssistantPhrase(reply),
    tokenLimit: cut,
  };
  return BREAKAGES.filter((breakage) => found[breakage]);
}
