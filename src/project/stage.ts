import type { Run } from "../progress.js";
import type { Artifact } from "./paths.js";
import type { SettingsSchema } from "./settings.js";
import type { Summary } from "./summaries.js";

/** What a stage is given by the runner. */
export type StageContext<Settings = Record<string, unknown>> = {
  /** The path of an artifact in this project. */
  at: (artifact: Artifact) => string;
  project: string;
  /** Export files and folders. */
  inputs: readonly string[];
  /** Folder of the base model; empty for a stage that does not use it. */
  base: string;
  settings: Settings;
  /** Keeps settings that the person chose while the stage runs, as if they had been given before it started. */
  choose: (settings: Record<string, unknown>) => Promise<void>;
  run: Run;
};

/** One step of the road: what it reads and writes, and how it is done. */
export type Stage = {
  /** The stage word: also the command, the log's name and the first word of its errors. */
  name: string;
  /** What it does, in one line, for help and progress. */
  summary: string;
  schema: SettingsSchema;
  /** Whether the base model must be there, fetched if need be. */
  usesBase?: true;
  /** Paths whose content decides whether the stage must run again. */
  reads: (context: StageContext) => string[];
  writes: Artifact[];
  /** Those of them that not every setting makes. */
  optional?: readonly Artifact[];
  /** Unfinished work that a fresh start removes, by name in the project folder. */
  leftovers?: string[];
  /** Why it is left out, with what turns it on; null to do it. What it once wrote is removed then. */
  skip?: (context: StageContext<never>) => string | null;
  /** Bytes that it writes at most. */
  bytes?: (context: StageContext) => Promise<number>;
  /** Does it; what it returns is shown, logged and kept. */
  run: (context: StageContext<never>) => Promise<Summary>;
};
