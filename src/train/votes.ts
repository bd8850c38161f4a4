import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { FEWEST_REPLIES } from "../enough-replies.js";
import { LimitExceeded, MalformedInput, Unavailable } from "../errors.js";
import { parseJson } from "../files.js";
import type { Turn } from "../dialogue/dialogue.js";

const STAGE = "train";
/** One vote in so many is held out. */
const HELD_OUT_EVERY = 10;
const MEND = "Mend the line, or remove it.";

const text = z.string().refine((value) => value.trim() !== "", "empty");
const voteLine = z
  .strictObject({
    messages: z.array(z.strictObject({ role: z.enum(["system", "user", "assistant"]), content: text })),
    chosen: text.optional(),
    rejected: text.optional(),
    reply: text.optional(),
    good: z.boolean().optional(),
  })
  .check(({ value, issues }) => {
    const refuse = (message: string) => issues.push({ code: "custom", message, input: undefined, path: [] });
    const roles = value.messages.map(({ role }) => role);
    if (roles[0] === "system") roles.shift();
    if (roles.length % 2 === 0 || roles.some((role, at) => role !== (at % 2 === 0 ? "user" : "assistant")))
      refuse("messages do not alternate from user to user after an optional system");
    const pair = value.chosen !== undefined && value.rejected !== undefined;
    const single = value.reply !== undefined && value.good !== undefined;
    const given = [value.chosen, value.rejected, value.reply, value.good].filter((one) => one !== undefined);
    if (pair === single || given.length !== 2) refuse("neither chosen and rejected nor reply and good");
    if (pair && value.chosen!.trim() === value.rejected!.trim()) refuse("chosen and rejected are the same");
  });

/** What somebody thought of the replies to a conversation that ends with a question. */
export type Vote = {
  system: string | null;
  turns: Turn[];
  /** Of a pair one each; of a single reply one of them. */
  good: string | null;
  bad: string | null;
  heldOut: boolean;
};

/**
 * Reads votes, one a line: `{"messages": […], "chosen": "…", "rejected": "…"}`, or `{"messages": […], "reply": "…",
 * "good": true}`. One in ten is held out, by what it holds, so that a vote that is added moves no other.
 *
 * @throws {MalformedInput} a line is something else; names its number, never its words
 * @throws {Unavailable} the file is not there
 */
export async function readVotes(path: string): Promise<Vote[]> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) {
    throw new Unavailable(
      `${STAGE} --votes: ${basename(path)} is ${found ? "no file" : "not there"}. Name a file with a vote a line.`,
      { stage: STAGE, path },
    );
  }
  const votes: Vote[] = [];
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() === "") continue;
    const place = `${basename(path)}:${number}`;
    const { data, error } = voteLine.safeParse(parseJson(line, STAGE, place, MEND));
    if (!data) {
      const what = describeIssue(error.issues[0]!);
      throw new MalformedInput(`${STAGE} ${place}: ${what}. ${MEND}`, { stage: STAGE, path });
    }
    votes.push(toVote(data));
  }
  return votes;
}

/** Without the name of a key that is not ours, as it may be anything. */
function describeIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") return "a key that votes and messages do not have";
  return issue.path.length > 0 ? `${issue.path.join(".")}: ${issue.message}` : issue.message;
}

function toVote({ messages, chosen, rejected, reply, good }: z.infer<typeof voteLine>): Vote {
  const system = messages[0]?.role === "system" ? messages[0].content : null;
  const turns = messages.slice(system === null ? 0 : 1).map(({ role, content }): Turn => {
    return { role: role === "user" ? "user" : "assistant", text: content, origin: "real", weight: 0 };
  });
  const replies = {
    good: chosen ?? (good ? reply! : null),
    bad: rejected ?? (good === false ? reply! : null),
  };
  const digest = createHash("sha256")
    .update(JSON.stringify([system, turns, replies]))
    .digest();
  return { system, turns, ...replies, heldOut: digest.readUInt32BE() % HELD_OUT_EVERY === 0 };
}

/**
 * Refuses votes from which a method cannot learn.
 *
 * @param force whether to try with under 50 all the same
 * @throws {LimitExceeded} too few to learn from
 */
export function checkVotes(votes: readonly Vote[], method: "dpo" | "kto", force: boolean): void {
  const training = votes.filter(({ heldOut }) => !heldOut);
  const pairs = training.filter(({ good, bad }) => good !== null && bad !== null).length;
  const count = (kind: "good" | "bad"): number => training.filter((vote) => vote[kind] !== null).length;
  const usable = method === "dpo" ? pairs : training.length;
  const what = method === "dpo" ? "pairs of a chosen and a rejected reply" : "votes";
  const fewest = force ? 1 : FEWEST_REPLIES;
  if (usable < fewest)
    refuse(`${usable} ${what} to learn from (at least ${fewest}). Vote more, or train with --force.`);
  if (method === "kto" && (count("good") === 0 || count("bad") === 0))
    refuse(`${count("good")} good replies and ${count("bad")} bad ones (at least one of each). Vote more.`);
}

function refuse(why: string): never {
  throw new LimitExceeded(`${STAGE} --votes: ${why}`, { stage: STAGE });
}
