import { z } from "zod";
import type { ModelPool } from "../../serve/model-pool.js";

/** The form that a reply is to have. */
export const responseFormat = z
  .discriminatedUnion("type", [
    z.looseObject({ type: z.literal("text") }),
    z.looseObject({ type: z.literal("json_object") }),
    z.looseObject({
      type: z.literal("json_schema"),
      json_schema: z.looseObject({
        schema: z.union([z.record(z.string(), z.unknown()), z.boolean()]).nullish(),
      }),
    }),
  ])
  .nullish();

/**
 * The grammar of that form; undefined where any text will do.
 *
 * @throws {Unsupported} the schema says what no grammar can keep
 */
export async function grammarOf(
  pool: ModelPool,
  format: z.infer<typeof responseFormat>,
): Promise<string | undefined> {
  if (!format || format.type === "text") return undefined;
  if (format.type === "json_object") return pool.jsonGrammar();
  return pool.jsonGrammar(format.json_schema.schema ?? undefined);
}
