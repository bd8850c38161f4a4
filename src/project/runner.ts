import { createHash } from "node:crypto";
import { mkdir, readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { diskFull } from "../files.js";
import type { Run } from "../progress.js";
import { fingerprint, type DigestCache } from "./fingerprint.js";
import { lockProject } from "./lock.js";
import { openLog } from "./log.js";
import { artifactPath } from "./paths.js";
import { readProject, writeProject } from "./project-file.js";
import { requireMade } from "./require-made.js";
import { resolveSettings } from "./settings.js";
import { isStale, noteMade, STALE } from "./stale.js";
import { readState, type State, writeState } from "./state.js";
import { requireSpace } from "./space.js";
import type { Stage, StageContext } from "./stage.js";
import type { Summary } from "./summaries.js";

/** What a call asks for, beside what the project file says. */
export type Wish = {
  project: string;
  inputs?: string[];
  base?: string;
  /** Settings given in this call, by stage. */
  flags?: Record<string, Record<string, unknown>>;
  /** Do the stages again even where nothing changed, and drop what an interrupted one left. */
  fresh?: boolean;
};

/** What became of a stage. */
export type StageResult = {
  stage: string;
  done: "now" | "before" | "skipped";
  seconds: number;
  result: Summary;
};

/** What the runner tells as it goes. */
export type Watcher = Run & { onStage?: (event: { stage: Stage; result?: StageResult }) => void };

/** The folder of the base model for its name, fetched if need be. */
export type BaseResolver = (name: string | undefined, run: Run) => Promise<string>;

/** Raised by one when a stage's artifacts change their meaning, so that projects of the last version do it again. */
const LAYOUT = 1;

/**
 * Does the given stages in order, skipping each whose inputs, settings and outputs are what they were when it
 * was last done. One process at a time works in a project.
 *
 * @throws {Unavailable} another process is at work in it
 * @throws {LimitExceeded} the disk is full; every artifact is whole, or not there
 */
export async function runStages(
  stages: readonly Stage[],
  wish: Wish,
  resolveBase: BaseResolver,
  watcher: Watcher,
): Promise<StageResult[]> {
  try {
    await mkdir(wish.project, { recursive: true });
    return await runLocked(stages, wish, resolveBase, watcher);
  } catch (error) {
    throw diskFull(error, "project", wish.project) ?? error;
  }
}

async function runLocked(
  stages: readonly Stage[],
  wish: Wish,
  resolveBase: BaseResolver,
  watcher: Watcher,
): Promise<StageResult[]> {
  const unlock = await lockProject(wish.project);
  try {
    await discard(wish.project, await partials(wish.project));
    const file = await readProject(wish.project);
    // What was imported before stays: a chat that is exported again, or another one, is added to it.
    if (wish.inputs) file.inputs = [...new Set([...(wish.fresh ? [] : file.inputs), ...wish.inputs])];
    if (wish.base !== undefined) file.base = wish.base;
    for (const [stage, flags] of Object.entries(wish.flags ?? {})) {
      file.settings[stage] = { ...file.settings[stage], ...flags };
    }
    const resolved = stages.map((stage) => {
      const flags = wish.flags?.[stage.name] ?? {};
      return resolveSettings(stage.name, stage.schema, file.settings[stage.name] ?? {}, flags);
    });
    for (const [index, { name }] of stages.entries()) {
      const { values } = resolved[index]!;
      file.resolved[name] = resolved[index]!.resolved;
      // As understood here: a folder relative to where this was called would be another one next time.
      for (const key of Object.keys(wish.flags?.[name] ?? {})) file.settings[name]![key] = values[key];
    }
    await writeProject(wish.project, file);

    const state = await readState(wish.project);
    let base: string | undefined;
    const results: StageResult[] = [];
    for (const [index, stage] of stages.entries()) {
      watcher.signal?.throwIfAborted();
      const context: StageContext = {
        project: wish.project,
        at: (artifact) => artifactPath(wish.project, artifact),
        inputs: file.inputs,
        base: base ?? "",
        settings: resolved[index]!.values,
        choose: async (chosen) => {
          context.settings = { ...context.settings, ...chosen };
          file.settings[stage.name] = { ...file.settings[stage.name], ...chosen };
          file.resolved[stage.name] = resolveSettings(
            stage.name,
            stage.schema,
            file.settings[stage.name]!,
            {},
          ).resolved;
          await writeProject(wish.project, file);
        },
        run: watcher,
      };
      if (stage.usesBase) {
        // Before a model of gigabytes is fetched for nothing.
        requireInputs(stage, context);
        context.base = base ??= await resolveBase(file.base, watcher);
      }
      const result = await runStage(stage, context, state, wish, watcher);
      if (await settleStale(stage, context, state)) {
        result.result = { ...result.result, warnings: [...(result.result.warnings ?? []), STALE] };
      }
      results.push(result);
      watcher.onStage?.({ stage, result });
    }
    return results;
  } finally {
    await unlock();
  }
}

async function runStage(
  stage: Stage,
  context: StageContext,
  state: State,
  wish: Wish,
  watcher: Watcher,
): Promise<StageResult> {
  const started = Date.now();
  const left = stage.skip?.(context as StageContext<never>) ?? null;
  if (left !== null) {
    await discard(
      context.project,
      stage.writes.map((artifact) => basename(context.at(artifact))),
    );
    delete state.stages[stage.name];
    return { stage: stage.name, done: "skipped", seconds: 0, result: { note: left } };
  }
  const inputs = await inputDigests(stage, context, state.digests);
  const key = stageKey(stage, context, inputs);
  const outputs = stage.writes.map((artifact) => context.at(artifact));
  const before = state.stages[stage.name];
  const isWhole = before?.outputs.every(
    (digest, index) => digest !== null || stage.optional?.includes(stage.writes[index]!),
  );
  if (before?.key === key && !wish.fresh && isWhole) {
    const now = await Promise.all(outputs.map((path) => fingerprint(path, state.digests)));
    if (now.every((digest, index) => digest === before.outputs[index])) {
      return { stage: stage.name, done: "before", seconds: 0, result: before.result };
    }
  }
  watcher.onStage?.({ stage });
  if (before || wish.fresh) {
    // The last time it came to its end, or that time is to be forgotten: nothing of it may be taken up again.
    await discard(context.project, stage.leftovers ?? []);
    delete state.stages[stage.name];
    await writeState(context.project, state);
  }
  if (stage.bytes) await requireSpace(context.project, await stage.bytes(context), stage.name);
  const log = await openLog(context.project, stage.name, context.settings);
  try {
    const result = await stage.run({ ...context, run: log.watch(watcher) } as StageContext<never>);
    const digests = await Promise.all(outputs.map((path) => fingerprint(path, state.digests)));
    // With what was chosen on the way.
    state.stages[stage.name] = { key: stageKey(stage, context, inputs), outputs: digests, result };
    await writeState(context.project, state);
    const seconds = (Date.now() - started) / 1000;
    await log.close({ done: true, seconds, result });
    return { stage: stage.name, done: "now", seconds, result };
  } catch (error) {
    await log.close({ error });
    throw diskFull(error, stage.name, context.project) ?? error;
  }
}

/** Notes whether what a stage has made is stale: made of something that is. */
async function settleStale(stage: Stage, context: StageContext, state: State): Promise<boolean> {
  const before = state.stale?.length ?? 0;
  const stale = stage.reads(context).some((path) => isStale(state, basename(path)));
  noteMade(
    state,
    stage.writes.map((artifact) => basename(context.at(artifact))),
    stale,
  );
  if (stale || before > 0) await writeState(context.project, state);
  return stale;
}

/** Digests of everything that a stage reads. */
async function inputDigests(
  stage: Stage,
  context: StageContext,
  digests: DigestCache,
): Promise<(string | null)[]> {
  requireInputs(stage, context);
  return Promise.all(stage.reads(context).map((path) => fingerprint(path, digests)));
}

/** Sees that what stages before it make is there. */
function requireInputs(stage: Stage, context: StageContext): void {
  for (const path of stage.reads(context)) {
    if (dirname(path) === context.project) requireMade(path, context.project, stage.name);
  }
}

/** Everything that decides what a stage makes, as one digest. */
function stageKey(stage: Stage, { settings }: StageContext, inputs: readonly (string | null)[]): string {
  return createHash("sha256")
    .update(JSON.stringify([LAYOUT, stage.name, settings, inputs]))
    .digest("hex");
}

async function discard(project: string, names: readonly string[]): Promise<void> {
  for (const name of names) await rm(join(project, name), { recursive: true, force: true });
}

/** What a killed process left under a temporary name; see writeAtomic and writeFolder. */
async function partials(project: string): Promise<string[]> {
  return (await readdir(project)).filter((name) => /\.\d+\.partial$/.test(name));
}
