import { join } from "node:path";
import { readBaseWeights, storedType } from "../../src/engines/onnxruntime/base-weights.js";
import { numberTypes } from "../../src/engines/onnxruntime/number-types.js";
import { importGguf } from "../../src/formats/gguf/to-huggingface.js";
import { readModelConfig } from "../../src/formats/model-config.js";
import { encodePrompt, stopIds } from "../../src/formats/template/encode.js";
import { templateFor } from "../../src/formats/template/chat-template.js";
import { loadTokenizer } from "../../src/formats/tokenizer/tokenizer.js";
import { gguf } from "../../src/gguf/gguf.js";
import { merge } from "../../src/merge/merge.js";
import { readSamples } from "../../src/train/read-samples.js";
import type { Random } from "../../src/random.js";
import type { MicroModel } from "./micro-model.js";
import { mutateGguf } from "./mutate-gguf.js";
import { mutateJson } from "./mutate-json.js";
import { mutateSafetensors } from "./mutate-safetensors.js";

/** A kind of file, how it is damaged, and what the product does with it. */
export type Target = {
  file: string;
  mutate: (bytes: Buffer, random: Random) => Buffer;
  /** Files of the model that must not be there. */
  without?: string[];
  /** Reads the folder as the product does; what it writes goes into `out`. */
  read: (folder: string, out: string) => Promise<void>;
};

const CHAT = {
  system: "be brief",
  turns: [
    { role: "user" as const, text: "在吗 what's up <|im_end|> ½ \u0000 👋🏽", weight: 0 },
    { role: "assistant" as const, text: "nothing much\n好的", weight: 1 },
  ],
};

const json = (bytes: Buffer, random: Random) => mutateJson(JSON.parse(bytes.toString()), random);

/** What training reads of a base, and one dialogue that lies beside the folder for what is written. */
async function readBase(folder: string, out: string): Promise<void> {
  const config = await readModelConfig(folder, "train");
  const tokenizer = await loadTokenizer(folder, "train");
  const template = templateFor(tokenizer, "train");
  const ids = [...encodePrompt(tokenizer, template, CHAT), ...stopIds(tokenizer, template)];
  await readSamples({ base: folder, dialogues: join(out, "..", "dialogues.jsonl") }, 256);
  for (const id of ids) {
    if (!Number.isInteger(id) || id < 0 || id >= config.vocabSize) {
      throw new Error(`token ${id} of ${config.vocabSize} rows`);
    }
  }
  for (const precision of ["exact", "small"] as const) {
    const types = numberTypes(precision, await storedType(folder, "train"), false);
    const weights = await readBaseWeights(folder, types, "train");
    try {
      await weights.embed(Int32Array.from(ids), new Float32Array(ids.length * config.hiddenSize));
    } finally {
      await weights.close();
    }
  }
  tokenizer.decode(ids);
}

const mergeAndExport = async (folder: string, out: string) => {
  await merge({ base: folder, adapter: folder, model: join(out, "model") });
};

const exportGguf = async (folder: string, out: string) => {
  const template = templateFor(await loadTokenizer(folder, "gguf"), "gguf");
  await gguf({ model: folder, gguf: join(out, "made.gguf") }, { name: "micro", template });
};

const importAndRead = async (folder: string, out: string) => {
  await importGguf(join(folder, "model.gguf"), join(out, "imported"), "base");
  await readBase(join(out, "imported"), out);
};

const INDEX = "model.safetensors.index.json";

/** Every kind of file that comes from others. */
export const TARGETS: readonly Target[] = [
  { file: "model.safetensors", mutate: mutateSafetensors, read: readBase },
  { file: "model.safetensors", mutate: mutateSafetensors, read: mergeAndExport },
  { file: "model.safetensors", mutate: mutateSafetensors, read: exportGguf },
  { file: "model.gguf", mutate: mutateGguf, read: importAndRead },
  { file: "model.gguf", mutate: mutateGguf, read: importAndRead },
  { file: "model.gguf", mutate: mutateGguf, read: importAndRead },
  { file: "tokenizer.json", mutate: json, read: readBase },
  { file: "tokenizer.json", mutate: json, read: exportGguf },
  { file: "config.json", mutate: json, read: readBase },
  { file: "config.json", mutate: json, read: exportGguf },
  { file: "tokenizer_config.json", mutate: json, read: exportGguf },
  { file: "adapter_config.json", mutate: json, read: mergeAndExport },
  { file: "adapter_model.safetensors", mutate: mutateSafetensors, read: mergeAndExport },
  { file: INDEX, mutate: json, without: ["model.safetensors"], read: mergeAndExport },
  {
    file: "model-00001-of-00002.safetensors",
    mutate: mutateSafetensors,
    without: ["model.safetensors"],
    read: readBase,
  },
];

/** The files that one target reads, before one of them is damaged. */
export function filesFor({ without = [] }: Target, model: MicroModel): [string, Buffer][] {
  return Object.entries(model).filter(([name]) => !without.includes(name));
}
