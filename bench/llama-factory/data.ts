import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Dialogue } from "../../src/dialogue/dialogue.js";
import { readJsonLines, writeJson, writeJsonLines } from "../../src/files.js";
import { readModelConfig } from "../../src/formats/model-config.js";
import { writeAdapter } from "../../src/train/adapter-files.js";
import { initLora } from "../../src/train/lora.js";
import { planSteps } from "../../src/train/plan.js";
import type { Sample } from "../../src/train/sample.js";
import { loraOf, type TrainSettings } from "../../src/train/settings.js";
import { readSamples } from "../../src/train/read-samples.js";

/** Exchanges that each dialogue is cut to, so that as many replies are always as many dialogues. */
export const EXCHANGES = 4;

/** What both trainers are given, in files, and what they must make of it. */
export type Data = {
  /** For our trainer. */
  dialogues: string;
  /** Folder of LLaMA-Factory's `dataset_info.json` and of the conversations, first trained first. */
  folder: string;
  /** PEFT adapter to start from: what our trainer starts from. */
  adapter: string;
  /** What each step trains on. */
  steps: Sample[][];
};

/**
 * Writes the first `steps` steps' worth of dialogues for both trainers, in the order in which ours takes them.
 *
 * Dialogues of fewer than four exchanges are left out and longer ones cut, so that a step of 4n replies is one of n
 * dialogues, which is how LLaMA-Factory counts.
 *
 * @param steps 0 for all there are
 */
export async function writeData(
  paths: { base: string; dialogues: string; out: string },
  settings: TrainSettings,
  steps: number,
): Promise<Data> {
  const { base, out } = paths;
  const stepDialogues = settings.batchReplies / EXCHANGES;
  const all: Dialogue[] = [];
  for await (const dialogue of readJsonLines<Dialogue>(paths.dialogues, "bench")) {
    if (dialogue.split !== "train" || dialogue.turns.length < 2 * EXCHANGES) continue;
    const turns = dialogue.turns.slice(0, 2 * EXCHANGES);
    if (turns.every(({ role, weight }) => role !== "assistant" || weight === 1))
      all.push({ ...dialogue, turns });
  }
  const available = Math.floor(all.length / stepDialogues);
  const dialogues = all.slice(0, Math.min(steps || Infinity, available) * stepDialogues);

  await mkdir(out, { recursive: true });
  const written = join(out, "dialogues.jsonl");
  await writeJsonLines(written, "bench", dialogues);
  const { training } = await readSamples({ base, dialogues: written }, settings.maxTokens);
  const plan = planSteps(training.samples, settings);
  const order = plan.steps.flatMap(({ samples }) => samples);
  await writeConversations(
    out,
    order.map((index) => dialogues[index]!),
  );

  const config = await readModelConfig(base, "bench");
  const lora = loraOf(settings);
  const adapter = join(out, "initial-adapter");
  const weights = initLora(config, lora, settings.seed);
  await writeAdapter(adapter, { config, lora, weights, baseName: "base" });
  return {
    dialogues: written,
    folder: out,
    adapter,
    steps: plan.steps.map(({ samples }) => samples.map((index) => training.samples[index]!)),
  };
}

/** The conversations as LLaMA-Factory reads them; contents trimmed, as our template does. */
async function writeConversations(folder: string, dialogues: readonly Dialogue[]): Promise<void> {
  const conversations = dialogues.map(({ system, turns }) => ({
    messages: [
      { role: "system", content: (system ?? "").trim() },
      ...turns.map(({ role, text }) => ({ role, content: text.trim() })),
    ],
  }));
  await writeFile(join(folder, "conversations.json"), JSON.stringify(conversations));
  // Whatever is not named here would be null, not its default.
  await writeJson(join(folder, "dataset_info.json"), "bench", {
    conversations: {
      file_name: "conversations.json",
      formatting: "sharegpt",
      columns: { messages: "messages" },
      tags: {
        role_tag: "role",
        content_tag: "content",
        user_tag: "user",
        assistant_tag: "assistant",
        system_tag: "system",
      },
    },
  });
}

/** Tokens of a sample that go through the model: all but the last, which nothing comes after. */
export function realTokens({ ids }: Sample): number {
  return ids.length - 1;
}
