import { z } from "zod";

/** The form that a reply is to have, as `grammarOf` takes it. */
export const responseFormat = z
  .discriminatedUnion("type", [
    z.looseObject({ type: z.literal("text") }),
    z.looseObject({ type: z.literal("json_object") }),
    z.looseObject({
      type: z.literal("json_schema"),
      json_schema: z.looseObject({ schema: z.record(z.string(), z.unknown()).nullish() }),
    }),
  ])
  .nullish()
  .transform((format) => {
    if (!format || format.type === "text") return undefined;
    return (format.type === "json_schema" && format.json_schema.schema) || "json";
  });
