import type { Turn } from "../dialogue/dialogue.js";
import type { Mode } from "./prompt.js";

/** Exchanges that are written after what was really said. */
const EXCHANGES_AFTER = 2;
/** Longer messages than this are not asked for: small models fill all the room that they are given. */
const LONGEST_MESSAGE = 120;

/**
 * JSON Schema of what `parseAnswer` takes and the rules allow: an opening exchange before and two exchanges after the
 * fragment, word for word in between or, where it may be rewritten, with as many turns as it has.
 *
 * @param longest characters that a made-up message may have
 */
export function answerSchema(
  original: readonly Pick<Turn, "role" | "text">[],
  mode: Mode,
  longest: number,
): object {
  const free = { type: "string", minLength: 1, maxLength: Math.min(longest, LONGEST_MESSAGE) };
  const exchange = [message("user", free), message("assistant", free)];
  const fragment = original.map(({ role, text }) =>
    message(role, mode === "continue" ? { const: text } : free),
  );
  const after = Array.from({ length: EXCHANGES_AFTER }, () => exchange).flat();
  const prefixItems = [...exchange, ...fragment, ...after];
  return { type: "array", prefixItems, minItems: prefixItems.length, maxItems: prefixItems.length };
}

function message(role: Turn["role"], content: object): object {
  return {
    type: "object",
    properties: { role: { const: role }, content },
    required: ["role", "content"],
    additionalProperties: false,
  };
}
