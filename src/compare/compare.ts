import { join } from "node:path";
import type { ModelHost } from "../engines/ports.js";
import { writeAtomic, writeJson } from "../files.js";
import type { Run } from "../progress.js";
import { readCodec } from "./codec.js";
import { compareSystems } from "./compare-systems.js";
import type { Comparison, ModelKey } from "./comparison.js";
import { formatReport } from "./report/report.js";
import type { CompareSettings } from "./settings.js";

/** What is compared, and where. */
export type CompareInputs = {
  /** GGUF files: the stock model and the tuned one, each as F16 and as Q4_K_M. */
  systems: Record<ModelKey, string>;
  /** Folder with the `config.json` and `tokenizer.json` that all of them share. */
  model: string;
  /** `dialogues.jsonl`; only its held-out dialogues are used. */
  dialogues: string;
  /** Folder for `compare.json`, `compare.html` and, while it goes on, `compare.replies/`. */
  out: string;
};

/**
 * Lets the stock model, the tuned one and both rounded to four bits reply where the person really replied, measures
 * all of them against the person, and writes `compare.json` and `compare.html`.
 *
 * The models are in memory one at a time. Replies are kept in `compare.replies/`, so that an interrupted comparison
 * goes on where it stopped; they count only for the same files, prompts and settings. The result holds chat text.
 *
 * @throws {LimitExceeded} no held-out reply to compare with
 * @throws {Unavailable} a model file is missing
 */
export async function compare(
  inputs: CompareInputs,
  settings: CompareSettings,
  host: ModelHost,
  run: Run = {},
): Promise<Comparison> {
  const codec = await readCodec(inputs.model);
  const comparison = await compareSystems(inputs, codec, settings, host, run);
  await writeAtomic(join(inputs.out, "compare.html"), "compare", (sink) =>
    sink.write(formatReport(comparison)),
  );
  await writeJson(join(inputs.out, "compare.json"), "compare", comparison);
  return comparison;
}
