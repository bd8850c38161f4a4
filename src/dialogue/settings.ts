import { z } from "zod";
import { isRestorable, RESTORABLE } from "./restore.js";
import { POLICIES } from "./privacy/policy.js";

/** The settings of `dialogue`. */
export const dialogueSettings = z.object({
  gapMinutes: z
    .number()
    .min(0)
    .max(10_080)
    .default(0)
    .describe(
      "a silence longer than this ends a dialogue, in minutes; 0 learns it from each contact's rhythm (5 to 60, or 10 where there is too little); only where the export has times",
    ),
  burstMinutes: z
    .number()
    .min(0)
    .max(10_080)
    .default(0)
    .describe(
      "an own message this long after your last one, unanswered, starts anew; 0 learns it (0.5 to 5, or 2); only where there are times",
    ),
  groups: z
    .enum(["off", "addressed"])
    .default("off")
    .describe("off leaves groups out; addressed keeps what is said to you there and what you answer"),
  longestMessage: z
    .int()
    .min(0)
    .default(500)
    .describe("leave out messages of more characters than this, such as pasted articles; 0 keeps all"),
  systemPrompt: z
    .string()
    .default("")
    .describe(
      "what the model is told before a dialogue, such as: You are {owner}, texting {contact}. Empty keeps what the export carries, if anything; a contact's own goes into systemPrompts in kouwen.json",
    ),
  systemPrompts: z
    .record(z.string(), z.string())
    .default({})
    .describe("the same for single contacts, by name; an empty text tells nothing"),
  privacy: z
    .enum(POLICIES)
    .default("stand-in")
    .describe(
      "phone numbers, addresses, names and the like: another in its place, masked, the message dropped, or off",
    ),
  newestMonths: z
    .number()
    .min(0)
    .default(0)
    .describe("leave out dialogues that began more than so many months before the newest; 0 keeps all"),
  contactShare: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe("largest share of your replies that one contact may have, the newest first; 1 sets no limit"),
  leastScore: z
    .int()
    .min(0)
    .max(5)
    .default(0)
    .describe("leave out dialogues that a model gave fewer points of 5 (see --score); 0 keeps all"),
  sample: z
    .int()
    .min(0)
    .default(0)
    .describe("keep about this many dialogues, spread evenly over contacts; 0 keeps all"),
  restore: z
    .array(z.string().refine(isRestorable, `neither an id nor one of ${RESTORABLE.join(", ")}`))
    .default([])
    .describe("rules that shall not apply, or ids of messages and dialogues to which none shall"),
  heldOut: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.1)
    .describe("share of dialogues kept from training to compare with, at least about 30; 0 keeps none"),
  seed: z
    .int()
    .default(1)
    .describe("which dialogues a sample keeps, and which are held out where the export has no times"),
});

export type DialogueSettings = z.infer<typeof dialogueSettings>;
