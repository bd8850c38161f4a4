import type { ChatTemplate } from "../../formats/template/chat-template.js";
import type { TrainStageSettings } from "../../train/engine-settings.js";
import type { Sample, SampleCounts } from "../../train/sample.js";

/** A row of a data file for LLaMA-Factory. */
export type Row = Record<string, unknown>;

/** What LLaMA-Factory is given to learn from, and what it must make of it. */
export type TrainingData = {
  /** In the order in which they are taken. */
  rows: Row[];
  heldOut: Row[];
  /** By LLaMA-Factory's own names of columns, the ids, labels and tags that it must come to for each row. */
  expected: Row[];
  /** `columns` of `dataset_info.json`, and whether its rows are pairs. */
  columns: Record<string, string>;
  ranking: boolean;
  /** All that is encoded, which decides whether a training may be gone on with. */
  samples: Sample[];
  heldOutSamples: Sample[];
  counts: { train: SampleCounts; heldOut: SampleCounts };
  warnings: string[];
};

/** What data is made for. */
export type DataPlace = {
  paths: { base: string; dialogues: string };
  settings: TrainStageSettings;
  template: ChatTemplate;
};

/** Ids of a sample, and as labels those that carry loss. */
export function idsAndLabels({ ids, weights }: Sample): { ids: number[]; labels: number[] } {
  return { ids: [...ids], labels: Array.from(ids, (id, at) => (weights[at]! > 0 ? id : -100)) };
}
