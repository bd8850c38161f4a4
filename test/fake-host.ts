import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Dialogue } from "../src/dialogue/dialogue.js";
import type { LoadedModel, ModelHost } from "../src/engines/ports.js";
import { createRandom } from "../src/random.js";
import type { Codec } from "../src/compare/codec.js";
import { MODEL_KEYS, type ModelKey } from "../src/compare/comparison.js";

/** For tests: a model that says one of a few texts, and is surprised by every token alike. */
export type FakeModel = { replies: string[]; surprise: number; cut?: boolean };

const END = 1;

/** For tests: a character is a token. */
export const fakeCodec: Codec = {
  template: "fake",
  contextTokens: 4096,
  stopIds: [END],
  encodePrompt: (system, context) =>
    toIds([system ?? "", ...context.map(({ role, text }) => `${role}: ${text}`)].join("\n")),
  encodeReply: (text) => [...toIds(text), END],
  decode: (ids) => String.fromCodePoint(...ids),
};

function toIds(text: string): number[] {
  return [...text].map((character) => character.codePointAt(0)!);
}

/** For tests: a host whose models are JSON files, with a record of what was asked of it. */
export type FakeHost = ModelHost & {
  loads: string[];
  open: number;
  mostOpen: number;
  busy: number;
  mostBusy: number;
};

/**
 * For tests.
 *
 * @param onReply may throw, to interrupt
 */
export function createFakeHost(onReply: (count: number) => void = () => {}): FakeHost {
  let count = 0;
  const host: FakeHost = {
    gpu: null,
    loads: [],
    open: 0,
    mostOpen: 0,
    busy: 0,
    mostBusy: 0,
    load: async (path) => {
      const model = JSON.parse(await readFile(path, "utf8")) as FakeModel;
      host.loads.push(path);
      host.open += 1;
      host.mostOpen = Math.max(host.mostOpen, host.open);
      return loaded(model);
    },
    close: async () => {},
  };
  const loaded = (model: FakeModel): LoadedModel => ({
    generate: async (prompt, _stopIds, sampling) => {
      host.busy += 1;
      host.mostBusy = Math.max(host.mostBusy, host.busy);
      await Promise.resolve();
      count += 1;
      onReply(count);
      const random = createRandom(`${sampling.seed} ${prompt.length}`);
      const text = model.replies[Math.floor(random() * model.replies.length)]!;
      const ids = toIds(text).slice(0, sampling.maxTokens);
      host.busy -= 1;
      return { ids, ended: model.cut || ids.length < toIds(text).length ? "length" : "end" };
    },
    score: async (prompt, reply) => {
      const random = createRandom(`${prompt.length} ${reply.length}`);
      return Float64Array.from(reply, () => -model.surprise * (0.5 + random()));
    },
    tokenize: (text) => toIds(text),
    close: async () => {
      host.open -= 1;
    },
  });
  return host;
}

/** For tests: writes the models of a comparison into a folder. */
export async function writeFakeModels(
  folder: string,
  models: Record<ModelKey, FakeModel>,
): Promise<Record<ModelKey, string>> {
  const paths: Partial<Record<ModelKey, string>> = {};
  for (const key of MODEL_KEYS) {
    paths[key] = join(folder, `${key}.gguf`);
    await writeFile(paths[key], JSON.stringify(models[key]));
  }
  return paths as Record<ModelKey, string>;
}

/** For tests: a held-out dialogue of questions and the given replies. */
export function heldOutDialogue(id: string, contact: string, replies: string[]): Dialogue {
  return {
    id,
    contact,
    time: 0,
    split: "heldout",
    system: `You text ${contact}.`,
    turns: replies.flatMap((text, index) => [
      { role: "user", text: `question ${index}?`, origin: "real", weight: 0 },
      { role: "assistant", text, origin: "real", weight: 1 },
    ]),
  };
}
