import { z } from "zod";
import { trainSettings } from "../../src/train/settings.js";

/** Each value that our setting `precision` may have, as a setting; one empty object while there is no such setting. */
export function precisions(): Record<string, string>[] {
  const { properties } = z.toJSONSchema(trainSettings) as { properties: Record<string, { enum?: string[] }> };
  return properties["precision"]?.enum?.map((precision) => ({ precision })) ?? [{}];
}
