import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename } from "node:path";
import { z } from "zod";
import { augment } from "../augment/augment.js";
import { ruleFiles } from "../augment/rules.js";
import { type AugmentSettings, augmentSettings } from "../augment/settings.js";
import { compare } from "../compare/compare.js";
import { type CompareSettings, compareSettings } from "../compare/settings.js";
import { dialogue } from "../dialogue/cut-dialogues.js";
import { type DialogueSettings, dialogueSettings } from "../dialogue/settings.js";
import type { EndpointChoice, Llm, ModelHost, Quantizer } from "../engines/ports.js";
import { type ChatTemplate, templateFor } from "../formats/template/chat-template.js";
import { loadTokenizer } from "../formats/tokenizer/tokenizer.js";
import { adapterFiles, readAdapterConfig } from "../formats/peft/open-adapter.js";
import { gguf } from "../gguf/gguf.js";
import { ggufAdapter } from "../gguf/gguf-adapter.js";
import { importChats, SPOOL } from "../import/import-chats.js";
import { type ImportSettings, importSettings } from "../import/settings.js";
import { merge } from "../merge/merge.js";
import { type MergeSettings, mergeSettings, type OtherMerge } from "../merge/settings.js";
import { quantize } from "../quantize/quantize.js";
import { type QuantizeSettings, quantizeSettings } from "../quantize/settings.js";
import {
  type OtherTraining,
  refuseOtherEngines,
  trainStageSettings,
  type TrainStageSettings,
} from "../train/engine-settings.js";
import { writeReplay } from "../train/replay.js";
import { trainSettings } from "../train/settings.js";
import { train } from "../train/train.js";
import type { Trainer } from "../train/trainer.js";
import type { Run } from "../progress.js";
import { refinesOwn } from "./keep-adapter.js";
import { sizeBytes } from "./space.js";
import type { Stage, StageContext } from "./stage.js";
import {
  summariseAugment,
  summariseCompare,
  summariseDialogue,
  summariseImport,
  summariseQuantize,
  summariseTrain,
} from "./summaries.js";

/** What the stages need of other programs, each loaded when first asked for. */
export type Engines = {
  trainer: () => Promise<Trainer>;
  otherTraining: () => Promise<OtherTraining>;
  otherMerge: () => Promise<OtherMerge>;
  host: () => Promise<ModelHost>;
  quantizer: () => Promise<Quantizer>;
  /** What leaves the machine is noted in the project. */
  llm: (choice: EndpointChoice, project: string, run: Run) => Promise<Llm>;
};

const noSettings = z.object({});

/** All stages in the order of the road; the one place that knows it. */
export function roadStages(engines: Engines): Stage[] {
  return [
    {
      name: "import",
      summary: "reads exported chats into messages.jsonl",
      schema: importSettings,
      reads: ({ inputs }) => [...inputs],
      writes: ["messages", "importReport"],
      leftovers: [SPOOL],
      run: ({ inputs, project, settings, choose, run }: StageContext<ImportSettings>) =>
        importChats({ inputs: [...inputs], out: project }, settings, run, choose).then(summariseImport),
    },
    {
      name: "dialogue",
      summary: "makes dialogues of messages, and a ledger of what was dropped",
      schema: dialogueSettings,
      reads: ({ at, settings }) => {
        const scored = (settings as DialogueSettings).leastScore > 0 && existsSync(at("scores"));
        return [at("messages"), ...(scored ? [at("scores")] : [])];
      },
      writes: ["dialogues", "ledger", "dialogueReport"],
      run: ({ at, project, settings, run }: StageContext<DialogueSettings>) =>
        dialogue({ messages: at("messages"), out: project }, settings, run).then(summariseDialogue),
    },
    {
      name: "augment",
      summary: "has a language model complete the dialogues, if one is chosen",
      schema: augmentSettings,
      reads: ({ at, project }) => [at("dialogues"), ...ruleFiles(project).filter((path) => existsSync(path))],
      writes: ["augmented", "augmentReport"],
      skip: ({ settings: { llm } }: StageContext<AugmentSettings>) =>
        llm === "" ? "dialogues stay as they are; --set augment.llm=<who> has a model complete them" : null,
      run: async ({ at, project, settings, choose, run }: StageContext<AugmentSettings>) => {
        const llm = await engines.llm(settings, project, run);
        const paths = { dialogues: at("dialogues"), out: project };
        return summariseAugment(await augment(paths, settings, llm, run, (sendTo) => choose({ sendTo })));
      },
    },
    {
      name: "train",
      summary: "learns the person's replies as a LoRA adapter",
      schema: trainStageSettings,
      reads: ({ at, project, base, settings }) => {
        const chosen = settings as TrainStageSettings;
        const { adapter, method, votes } = chosen;
        const learnt = method === "sft" ? [learntFrom(at)] : votes === "" ? [] : [votes];
        if (refinesOwn(chosen, project)) return [...learnt, base, at("adapterSft")];
        return [...learnt, base, ...(adapter === "" ? [] : adapterFiles(adapter))];
      },
      writes: ["adapter", "trainReport"],
      usesBase: true,
      leftovers: ["checkpoints", "train-log.jsonl", "llamafactory"],
      bytes: async ({ base, settings }) =>
        (settings as TrainStageSettings).replayShare > 0 ? sizeBytes(base) : 0,
      run: async (context: StageContext<TrainStageSettings>) => {
        const { at, project, base, run } = context;
        const paths = { base, dialogues: learntFrom(at), out: project };
        if (context.settings.engine === "llamafactory") {
          const adapter = refinesOwn(context.settings, project) ? at("adapterSft") : context.settings.adapter;
          const trainOutside = await engines.otherTraining();
          const report = await trainOutside(paths, { ...context.settings, adapter }, run);
          if (report) return summariseTrain(report);
          return { note: "this machine has done its part; machine 0 has the adapter" };
        }
        refuseOtherEngines(context.settings);
        // The embedded trainer's own: a checkpoint holds them, and does not care about the others.
        const settings = trainSettings.parse(context.settings);
        await writeReplay(paths, settings, { gguf: () => writeBaseGguf(context), host: engines.host }, run);
        return summariseTrain(await train(paths, settings, await engines.trainer(), run));
      },
    },
    {
      name: "merge",
      summary: "adds the adapter to the base: a Hugging Face model",
      schema: mergeSettings,
      reads: ({ at, base }) => [at("adapter"), base],
      writes: ["model"],
      usesBase: true,
      bytes: ({ base }) => sizeBytes(base),
      run: async ({ at, base, settings: { engine }, run }: StageContext<MergeSettings>) => {
        const paths = { base, adapter: at("adapter"), model: at("model") };
        const mergeWith = engine === "llamafactory" ? await engines.otherMerge() : merge;
        const { tensors, adapted } = await mergeWith(paths, run);
        return { note: `${adapted} of ${tensors} tensors changed`, tensors, adapted };
      },
    },
    {
      name: "gguf",
      summary: "writes the tuned model and the base as F16 GGUF files, and the adapter alone",
      schema: noSettings,
      reads: ({ at, base }) => [at("model"), at("adapter"), base],
      writes: ["modelF16", "baseF16", "adapterGguf"],
      optional: ["adapterGguf"],
      usesBase: true,
      bytes: async ({ base }) => 2 * (await sizeBytes(base)),
      run: async (context: StageContext) => {
        const { at, project, base, run } = context;
        const template = await templateOf(base);
        const name = basename(project);
        await rm(at("adapterGguf"), { force: true });
        const { dora } = await readAdapterConfig(at("adapter"), "gguf");
        if (!dora) await ggufAdapter({ base, adapter: at("adapter"), gguf: at("adapterGguf") }, name, run);
        await writeBaseGguf(context);
        const { tensors, parameters } = await gguf(
          { model: at("model"), gguf: at("modelF16") },
          { name, template },
          run,
        );
        const alone = dora ? "; no file of the adapter alone, as it is DoRA" : "";
        return { note: `${(parameters / 1e6).toFixed(0)}M parameters each${alone}`, tensors, parameters };
      },
    },
    {
      name: "quantize",
      summary: "makes smaller GGUF files of both",
      schema: quantizeSettings,
      reads: ({ at }) => [at("modelF16"), at("baseF16")],
      writes: ["modelQ4", "baseQ4", "quantizeReport"],
      bytes: async ({ at }) => (await sizeBytes(at("modelF16"))) * 1.5,
      run: async ({ at, project, settings, run }: StageContext<QuantizeSettings>) =>
        quantize(
          { model: at("modelF16"), base: at("baseF16"), out: project },
          settings,
          await engines.quantizer(),
          run,
        ).then(summariseQuantize),
    },
    {
      name: "compare",
      summary: "holds stock and tuned models against the person's real replies",
      schema: compareSettings,
      reads: ({ at }) => [at("dialogues"), at("baseF16"), at("baseQ4"), at("modelF16"), at("modelQ4")],
      writes: ["comparison", "comparisonPage"],
      leftovers: ["compare.replies"],
      run: async ({ at, project, settings, run }: StageContext<CompareSettings>) =>
        compare(
          {
            systems: { base: at("baseF16"), baseQ4: at("baseQ4"), f16: at("modelF16"), q4: at("modelQ4") },
            model: at("model"),
            dialogues: at("dialogues"),
            out: project,
          },
          settings,
          await engines.host(),
          run,
        ).then(summariseCompare),
    },
  ];
}

/** The dialogues to train on: those that a model completed, where there are such. */
export function learntFrom(at: StageContext["at"]): string {
  return existsSync(at("augmented")) ? at("augmented") : at("dialogues");
}

/** Writes the base's F16 GGUF file: always the same for the same base, whichever stage needs it first. */
async function writeBaseGguf({ at, project, base, run }: StageContext<unknown>): Promise<string> {
  const options = { name: `${basename(project)}-base`, template: await templateOf(base) };
  await gguf({ model: base, gguf: at("baseF16") }, options, run);
  return at("baseF16");
}

async function templateOf(base: string): Promise<ChatTemplate> {
  return templateFor(await loadTokenizer(base, "gguf"), "gguf");
}
