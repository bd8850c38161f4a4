import { z } from "zod";
import type { Codec } from "../../formats/template/codec.js";
import { HttpError } from "../http-error.js";

const id = z.int().nonnegative();
const ids = z.array(id).min(1, "it is empty");

/** One text, a list of texts, the ids of one text, or a list of such lists. */
export const input = z.union(
  [z.string(), z.array(z.string()).min(1), ids, z.array(ids).min(1)],
  "give a text, a list of texts, or ids of tokens",
);

/** A text, or its ids. */
export type Input = string | number[];

export function toInputs(value: z.infer<typeof input>): Input[] {
  if (typeof value === "string") return [value];
  const [first] = value;
  return typeof first === "number" ? [value as number[]] : (value as Input[]);
}

/**
 * The text of an input. Ids become text, which the model reads again: a text's own ids are thereby the same.
 *
 * @throws {HttpError} 400: an id is not the model's
 */
export function textOf(one: Input, codec: Codec): string {
  return typeof one === "string" ? one : codec.tokenizer.decode(checkIds(one, codec));
}

/** @throws {HttpError} 400: an id is not the model's */
export function checkIds(given: number[], { tokenizer }: Codec): number[] {
  const wrong = given.find((each) => each >= tokenizer.vocabularySize);
  if (wrong === undefined) return given;
  const last = tokenizer.vocabularySize - 1;
  throw new HttpError(400, `${wrong} is no token of this model. Give ids from 0 to ${last}.`);
}
