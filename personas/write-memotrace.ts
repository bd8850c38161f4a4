import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRandom, shuffle } from "../src/random.js";
import type { Bubble, Persona } from "./read.js";

/**
 * A shape of MemoTrace's export for training. `v2` names the files after the contact, `v2-plain` just
 * `train.json` and `dev.json`; the three of version 3 are named after the model they were chosen for there.
 */
export type Generation = "v2" | "v2-plain" | "v3-chatglm3" | "v3-glm4" | "v3-alpaca";

type Role = "system" | "user" | "assistant";
type Turn = { role: Role; content: string };

/** How each version cuts a chat into dialogues and joins the bubbles of one side. */
const CUT = {
  v2: { gapSeconds: 60, minimumBubbles: 1, join: "\n" },
  v3: { gapSeconds: 120, minimumBubbles: 5, join: "，" },
} as const;

/**
 * Writes what MemoTrace would have exported for this person: a folder for each contact, and for version 2 the
 * merged `small_train.json` beside them. `folder` stands for the program's own `聊天记录`.
 *
 * The dialogues are shuffled before the first fifth goes to dev, as there, but by the persona's name instead of
 * by chance: the same persona gives the same bytes.
 *
 * @source LC044/WeChatMsg (MemoTrace), folder app/util/exporter, versions 2 and 3: layout and rules only
 */
export async function writeMemoTrace(
  persona: Persona,
  folder: string,
  { generation }: { generation: Generation },
): Promise<void> {
  const random = createRandom(`${persona.name} ${generation}`);
  const version = generation.startsWith("v2") ? "v2" : "v3";
  const merged: unknown[] = [];
  for (const { name, system } of persona.contacts) {
    const bubbles = persona.sessions.filter(({ contact }) => contact === name).flatMap((s) => s.bubbles);
    const dialogues = shuffle(cutLikeMemoTrace(bubbles, version), random).map((turns) =>
      shape(system === "" ? turns : [{ role: "system", content: system }, ...turns], generation),
    );
    const remark = name.replaceAll(/[/\\:*?"<>|]/g, "_");
    const home = join(folder, version === "v2" ? remark : `${remark}(${accountId(name)})`);
    await mkdir(home, { recursive: true });
    if (version === "v3") {
      await writeIndented(join(home, `${remark}.json`), dialogues);
      continue;
    }
    const held = Math.floor(dialogues.length / 5);
    const prefix = generation === "v2" ? `${remark}_` : "";
    await writeIndented(join(home, `${prefix}dev.json`), dialogues.slice(0, held));
    await writeIndented(join(home, `${prefix}train.json`), dialogues.slice(held));
    merged.push(...dialogues.slice(held));
  }
  if (version === "v2") await writeIndented(join(folder, "small_train.json"), merged);
}

/**
 * One contact's bubbles, in order of time, as dialogues that start with the contact and end with the owner.
 *
 * A long gap closes a dialogue, yet own bubbles that come next still join it, however late; own openings and
 * unanswered questions are lost. That is how the exporter works, and what our import has to live with.
 */
export function cutLikeMemoTrace(bubbles: readonly Bubble[], version: keyof typeof CUT): Turn[][] {
  const { gapSeconds, minimumBubbles, join } = CUT[version];
  const cuts: Bubble[][] = [];
  let open: Bubble[] = [];
  let closed = false;
  for (const bubble of bubbles) {
    const before = open.at(-1);
    if (before && bubble.time - before.time > gapSeconds) closed = true;
    if (closed && !bubble.owner) {
      cuts.push(open);
      open = [];
      closed = false;
    }
    if (open.length > 0 || !bubble.owner) open.push(bubble);
  }
  cuts.push(open);
  return cuts
    .map((cut) => cut.slice(0, cut.findLastIndex((bubble) => bubble.owner) + 1))
    .filter((cut) => cut.length >= minimumBubbles)
    .map((cut) => joinSides(cut, join));
}

function joinSides(bubbles: readonly Bubble[], separator: string): Turn[] {
  const turns: Turn[] = [];
  for (const { owner, text } of bubbles) {
    const role = owner ? "assistant" : "user";
    const last = turns.at(-1);
    if (last?.role === role) last.content += separator + text;
    else turns.push({ role, content: text });
  }
  return turns;
}

/** A dialogue as the JSON value of a generation. */
function shape(turns: readonly Turn[], generation: Generation): unknown {
  if (generation === "v3-glm4") return { messages: turns };
  if (generation !== "v3-alpaca") return { conversations: turns };
  const spoken = turns.filter(({ role }) => role !== "system").map(({ content }) => content);
  const history: string[][] = [];
  for (let at = 0; at + 2 < spoken.length; at += 2) history.push(spoken.slice(at, at + 2));
  const [instruction, output] = spoken.slice(-2);
  const system = turns.find(({ role }) => role === "system")?.content ?? "";
  return { system, instruction, input: "", output, history };
}

/** An invented account id, such as version 3 appends to the folder's name. */
function accountId(name: string): string {
  return `wxid_${createHash("sha256").update(name).digest("hex").slice(0, 12)}`;
}

async function writeIndented(path: string, dialogues: readonly unknown[]): Promise<void> {
  await writeFile(path, JSON.stringify(dialogues, null, 4));
}
