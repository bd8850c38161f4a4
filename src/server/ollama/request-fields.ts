import { z } from "zod";
import { fullName } from "../../serve/model-name.js";
import { HttpError } from "../http-error.js";
import { keepAlive } from "../keep-alive.js";

// Fields that several requests have. As in Ollama a null stands for a field that is not there, and a field that nobody
// knows is left alone.

export const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "");

export const onUnlessTold = z
  .boolean()
  .nullish()
  .transform((value) => value ?? true);

export const offUnlessTold = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);

export const options = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((value) => value ?? {});

/** Pictures are refused: a person's texts were learnt, nothing that sees. */
export const images = z
  .array(z.unknown())
  .nullish()
  .refine((value) => (value ?? []).length === 0, "no model here sees images. Send text only.");

const ROLES = ["system", "user", "assistant", "tool"] as const;

/**
 * The messages of a conversation. Those that tell of tools are left out: no model here calls any, so that they can only
 * come from another one that talked before.
 */
export const messages = z
  .array(
    z.object({
      role: z.string().toLowerCase().pipe(z.enum(ROLES)),
      content: text,
      images,
    }),
  )
  .nullish()
  .transform((value) =>
    (value ?? []).flatMap(({ role, content }) => (role === "tool" ? [] : [{ role, content }])),
  );

/** What a request for an answer says of how it is drawn, and how it comes. */
export const answerFields = {
  model: text,
  stream: onUnlessTold,
  format: z.unknown().optional(),
  keep_alive: keepAlive,
  options,
  think: z.union([z.boolean(), z.enum(["low", "medium", "high", "max"])]).nullish(),
  logprobs: offUnlessTold,
  top_logprobs: z
    .int()
    .nullish()
    .transform((value) => value ?? 0),
  _debug_render_only: offUnlessTold,
};

/**
 * The first text that is a model's name; older clients call it `name`, not `model`.
 *
 * @param refusal what is said where the first text that is not empty is none, or there is none
 * @throws {HttpError} 400
 */
export function requireName(names: readonly string[], refusal: (name: string) => string): string {
  const name = names.find((each) => each !== "") ?? "";
  if (fullName(name) === undefined) throw new HttpError(400, refusal(name));
  return name;
}

/** Said by the routes that answer. */
export const modelIsRequired = (): string => "model is required";
/** Said by the routes that make models. */
export const invalidModelName = (): string => "invalid model name";
