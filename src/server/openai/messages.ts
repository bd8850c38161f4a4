import { z } from "zod";
import type { Message } from "../../serve/question.js";
import { HttpError } from "../http-error.js";

const part = z.looseObject({ type: z.string(), text: z.string().nullish(), refusal: z.string().nullish() });

/** A message as OpenAI's clients send it; thoughts of earlier turns and calls of tools are ignored. */
export const message = z.object({
  role: z.enum(["system", "developer", "user", "assistant", "tool", "function"]),
  content: z.union([z.string(), z.array(part)]).nullish(),
});

/**
 * Messages as the model reads them. A developer is the system. What a tool gave becomes the user's text: the models
 * know no tools, and in a conversation that was begun with another model it is what the next answer is about. Parts of
 * a text stand on lines of their own; messages without text are left out.
 *
 * @throws {HttpError} 400: a part is no text
 */
export function toMessages(messages: readonly z.infer<typeof message>[]): Message[] {
  return messages.flatMap(({ role, content }, index): Message[] => {
    const text = textOf(content, index);
    if (text === "") return [];
    if (role === "developer") return [{ role: "system", content: text }];
    return [{ role: role === "tool" || role === "function" ? "user" : role, content: text }];
  });
}

function textOf(content: z.infer<typeof message>["content"], index: number): string {
  if (typeof content === "string") return content;
  const texts = (content ?? []).map(({ type, text, refusal }) => {
    if (type === "text") return text ?? "";
    if (type === "refusal") return refusal ?? "";
    const shown = type.slice(0, 40);
    throw new HttpError(400, `messages.${index}.content: "${shown}" is no text. The models read text only.`);
  });
  return texts.join("\n");
}
