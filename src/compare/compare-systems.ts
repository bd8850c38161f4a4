import { access, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Dialogue } from "../dialogue/dialogue.js";
import type { ModelHost } from "../engines/ports.js";
import { LimitExceeded, Unavailable } from "../errors.js";
import { readJsonLines } from "../files.js";
import type { Run } from "../progress.js";
import type { Codec } from "./codec.js";
import { collectReplies } from "./collect-replies.js";
import {
  MODEL_KEYS,
  type Comparison,
  type ModelKey,
  SYSTEM_KEYS,
  type SystemKey,
  type SystemResult,
} from "./comparison.js";
import { measureEffect } from "./effects.js";
import { encodePrompt, type EncodedPrompt } from "./encoded-prompt.js";
import { hashFile, hashValue } from "../hash-file.js";
import { makeYardstick, measureSystem, type Reply } from "./measure-system.js";
import { choosePrompts, listPrompts, type Prompt } from "./prompts.js";
import { openReplyStore, type ReplyStore } from "./reply-store.js";
import { chooseSamples } from "./samples.js";
import type { CompareSettings } from "./settings.js";

/** Folder beside `compare.json` that holds every model's replies. */
export const REPLIES_FOLDER = "compare.replies";

/**
 * Everything a comparison finds out, with nothing written but the replies in `compare.replies/`.
 *
 * @throws {LimitExceeded} no held-out reply to compare with
 * @throws {Unavailable} a file is missing
 */
export async function compareSystems(
  inputs: { systems: Record<ModelKey, string>; dialogues: string; out: string },
  codec: Codec,
  settings: CompareSettings,
  host: ModelHost,
  run: Run = {},
): Promise<Comparison> {
  const available = listPrompts(await readDialogues(inputs.dialogues), settings.contextTurns);
  const prompts = encodePrompts(available, codec, settings);
  if (prompts.length === 0) {
    throw new LimitExceeded(
      "compare dialogues.jsonl: 0 held-out replies that fit the model (at least 1). Hold out more and run kouwen dialogue again.",
      { stage: "compare" },
    );
  }
  const files = await describeFiles(inputs.systems, run);
  const replies = await allReplies(inputs, files, prompts, codec, settings, host, run);

  const yardstick = makeYardstick(replies.real, Object.values(replies), settings.seed);
  const systems = mapSystems((key): SystemResult => {
    const file = key === "real" ? { file: null, sizeBytes: null, hash: null } : files[key];
    const seeds = key === "real" ? [] : prompts.map(({ seed }) => seed);
    return { ...file, ...measureSystem(replies[key], yardstick), seeds };
  });
  const effect = (from: ModelKey, to: ModelKey) => measureEffect(from, to, replies, systems, settings.seed);
  return {
    version: 1,
    settings,
    template: codec.template,
    prompts: {
      n: prompts.length,
      available: available.length,
      dialogues: new Set(prompts.map(({ dialogueId }) => dialogueId)).size,
      contacts: new Set(prompts.map(({ contact }) => contact)).size,
      hash: hashValue(prompts.map(({ promptIds, replyIds }) => [promptIds, replyIds])),
    },
    chatLanguage: yardstick.chatLanguage,
    systems,
    effects: {
      tuning: effect("base", "f16"),
      rounding: effect("f16", "q4"),
      baseRounding: effect("base", "baseQ4"),
    },
    samples: chooseSamples(replies, yardstick),
  };
}

/** As many prompts as the settings ask for; those too long for the model are passed over. */
function encodePrompts(
  available: readonly Prompt[],
  codec: Codec,
  settings: CompareSettings,
): EncodedPrompt[] {
  const chosen: EncodedPrompt[] = [];
  for (const prompt of choosePrompts(available, available.length, settings.seed)) {
    const encoded = encodePrompt(prompt, codec, settings.maxTokens, settings.seed);
    if (encoded) chosen.push(encoded);
    if (chosen.length === settings.prompts) break;
  }
  return chosen;
}

type File = { file: string; sizeBytes: number; hash: string };

async function describeFiles(paths: Record<ModelKey, string>, run: Run): Promise<Record<ModelKey, File>> {
  const files: Partial<Record<ModelKey, File>> = {};
  for (const key of MODEL_KEYS) {
    const path = paths[key];
    const file = basename(path);
    const found = await stat(path).catch((cause: unknown) => {
      const message = `compare ${file}: there is no such file (the ${key} model). Run kouwen gguf and kouwen quantize.`;
      throw new Unavailable(message, { stage: "compare", path: file, cause });
    });
    files[key] = { file, sizeBytes: found.size, hash: await hashFile(path, run.signal) };
  }
  return files as Record<ModelKey, File>;
}

/** Everyone's replies, in the order of the prompts; one model after the other is in memory. */
async function allReplies(
  { systems, out }: { systems: Record<ModelKey, string>; out: string },
  files: Record<ModelKey, File>,
  prompts: readonly EncodedPrompt[],
  codec: Codec,
  settings: CompareSettings,
  host: ModelHost,
  run: Run,
): Promise<Record<SystemKey, Reply[]>> {
  const replies = mapSystems((): Reply[] => []);
  replies.real = prompts.map((prompt) => ({ prompt, text: prompt.reply, cut: false, nats: null }));
  const stores = new Map<ModelKey, ReplyStore>();
  try {
    for (const key of MODEL_KEYS) {
      const path = join(out, REPLIES_FOLDER, `${key}.jsonl`);
      stores.set(key, await openReplyStore(path, storeKey(files[key].hash, prompts, codec, settings)));
    }
    const finished = (): number => [...stores.values()].reduce((sum, store) => sum + store.replies.size, 0);
    const report = (note: string): void =>
      run.onProgress?.({
        stage: "compare",
        done: finished(),
        total: prompts.length * stores.size,
        unit: "replies",
        note,
      });
    for (const [key, store] of stores) {
      const note = key;
      report(note);
      const onReply = (): void => report(note);
      await collectReplies(systems[key], prompts, store, codec, settings, host, { ...run, onReply });
      replies[key] = prompts.map((prompt) => {
        const { text, cut, nats } = store.replies.get(prompt.id)!;
        return { prompt, text, cut, nats };
      });
    }
    return replies;
  } finally {
    for (const store of stores.values()) await store.close();
  }
}

/** A digest of everything that decides a model's replies. */
function storeKey(
  hash: string,
  prompts: readonly EncodedPrompt[],
  codec: Codec,
  { temperature, topP, repeatPenalty, maxTokens }: CompareSettings,
): string {
  const ids = prompts.map(({ id, promptIds, replyIds, seed }) => [id, promptIds, replyIds, seed]);
  return hashValue([hash, ids, codec.stopIds, temperature, topP, repeatPenalty, maxTokens]);
}

async function readDialogues(path: string): Promise<Dialogue[]> {
  await access(path).catch((cause: unknown) => {
    const file = basename(path);
    throw new Unavailable(`compare ${file}: there is no such file. Run kouwen dialogue.`, {
      stage: "compare",
      path: file,
      cause,
    });
  });
  const dialogues: Dialogue[] = [];
  for await (const dialogue of readJsonLines<Dialogue>(path, "compare")) dialogues.push(dialogue);
  return dialogues;
}

function mapSystems<Value>(valueOf: (key: SystemKey) => Value): Record<SystemKey, Value> {
  return Object.fromEntries(SYSTEM_KEYS.map((key) => [key, valueOf(key)])) as Record<SystemKey, Value>;
}
