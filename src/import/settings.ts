import { z } from "zod";
import { splitList } from "./text-list.js";

/** The settings of `import`. */
export const importSettings = z.object({
  owner: z
    .string()
    .default("")
    .describe(
      "your name as the chats show it, or several names and account ids, comma separated; empty: what the exports mark",
    ),
  timeZone: z
    .string()
    .refine(isTimeZone, "no such time zone; give one as Asia/Shanghai, or nothing for this machine's own")
    .default("")
    .describe("zone of times that an export gives without one, such as Asia/Shanghai; empty: this machine's"),
  columns: z
    .string()
    .refine(hasColumns, "not key=column, key=column, …; a column with a comma stands in double quotes")
    .default("")
    .describe("which column of a plain table holds what, such as time=Date,sender=From,text=Body"),
  forget: z
    .string()
    .default("")
    .describe(
      "chats to leave out, by the contact's name or id, comma separated; kouwen forget adds one and cleans up after it",
    ),
  sample: z
    .int()
    .min(0)
    .default(0)
    .describe(
      "of exports that hold dialogues without times keep about this many, spread evenly over contacts; 0 keeps all; dialogue --sample works for every export",
    ),
  seed: z.int().default(1).describe("which dialogues a sample holds; the same seed picks the same ones"),
});

export type ImportSettings = z.infer<typeof importSettings>;

/** The columns that the setting names, by what they hold; null if it is empty. */
export function namedColumns(columns: string): Record<string, string> | null {
  if (columns === "") return null;
  return Object.fromEntries(
    splitList(columns).map((part) => {
      const at = part.indexOf("=");
      return [part.slice(0, at).trim(), part.slice(at + 1).trim()];
    }),
  );
}

function hasColumns(columns: string): boolean {
  return splitList(columns).every((part) => /^\s*\w+\s*=\s*\S/.test(part));
}

function isTimeZone(zone: string): boolean {
  if (zone === "") return true;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
