import assert from "node:assert/strict";
import { StandIns } from "../src/dialogue/privacy/stand-ins.js";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPersona } from "../personas/read.js";
import { writeMemoTrace } from "../personas/write-memotrace.js";
import { baseResolver, withEngines } from "../src/cli/engines.js";
import { LimitExceeded } from "../src/errors.js";
import { fingerprint } from "../src/project/fingerprint.js";
import { type Artifact, artifactPath, packageRoot } from "../src/project/paths.js";
import { roadStages } from "../src/project/road.js";
import { runStages, type Watcher } from "../src/project/runner.js";
import { writeTinyModel } from "./tiny-model.js";
import { type Operation, watchWrites } from "./watch-writes.js";

/** Names of the stages, in order. */
export const STAGES = ["import", "dialogue", "train", "merge", "gguf", "quantize", "compare"] as const;
export type StageName = (typeof STAGES)[number];

/** Artifacts that tell how long something took. */
const TIMED = new Set<Artifact>(["trainReport"]);

const FLAGS = {
  train: { epochs: 0.2, rank: 2 },
  compare: { prompts: 3, maxTokens: 8 },
};

/** A project that was made once, stage by stage, with what each of them did and made. */
export type Road = {
  home: string;
  /** What a stage does to the project's files; its log is left out. */
  operations: Map<StageName, { operation: Operation; index: number }[]>;
  /** Puts the project into a folder, as it was before a stage, or after the last. */
  restore: (folder: string, before: StageName | "end") => Promise<void>;
  run: (folder: string, stage: StageName, watcher?: Watcher, fresh?: boolean) => Promise<void>;
  /** Checks that a stage's artifacts are there with the same bytes, or where some may be missing, that none is torn. */
  check: (folder: string, stage: StageName, when: string, mayLack: boolean) => Promise<void>;
  /** Digests of a stage's artifacts, and how many bytes they have. */
  artifacts: (stage: StageName) => Artifact[];
  close: () => Promise<void>;
};

/** Walks the whole road once in this process, as far as a stage, on a model of random weights. */
export async function walkRoad(last: StageName = "compare"): Promise<Road> {
  const home = await mkdtemp(join(tmpdir(), "kouwen-stages-"));
  const chats = join(home, "chats");
  const base = join(home, "base");
  const persona = await readPersona(join(packageRoot, "personas/remy"));
  await writeMemoTrace({ ...persona, sessions: persona.sessions.slice(0, 60) }, chats, { generation: "v2" });
  await writeTinyModel(base, { architecture: "llama", tied: true, seed: "stages", layers: 1 });
  const run: Road["run"] = (folder, name, watcher = {}, fresh = false) =>
    withEngines(async (engines) => {
      const stages = roadStages(engines).filter((stage) => stage.name === name);
      const wish = { project: folder, inputs: [chats], base, flags: FLAGS, fresh };
      await runStages(stages, wish, baseResolver(), watcher);
    });
  const described = new Map(
    (await withEngines(async (engines) => roadStages(engines))).map((stage) => [stage.name, stage]),
  );
  const artifacts = (stage: StageName) => described.get(stage)!.writes;

  const project = join(home, "whole", "remy");
  // Every project draws a secret of its own; with the same one every copy has to come to the same bytes.
  const secret = join(project, "private", "stand-ins.json");
  await (await StandIns.open(secret)).save(secret);
  const expected = new Map<Artifact, string | null>();
  const operations: Road["operations"] = new Map();
  const copyOf = (before: string) => join(home, "before", before);
  for (const stage of STAGES.slice(0, STAGES.indexOf(last) + 1)) {
    await cp(project, copyOf(stage), { recursive: true }).catch(() => {});
    const found: { operation: Operation; index: number }[] = [];
    const stop = watchWrites(project, (operation, index) => {
      if (!operation.path.includes("/logs")) found.push({ operation, index });
      return "none";
    });
    await run(project, stage).finally(stop);
    operations.set(stage, found);
    for (const artifact of artifacts(stage)) {
      expected.set(artifact, await fingerprint(artifactPath(project, artifact), {}));
    }
  }
  await cp(project, copyOf("end"), { recursive: true });
  return {
    home,
    operations,
    artifacts,
    run,
    restore: async (folder, before) => {
      await rm(folder, { recursive: true, force: true });
      await cp(copyOf(before), folder, { recursive: true }).catch(() => {});
    },
    check: async (folder, stage, when, mayLack) => {
      for (const artifact of artifacts(stage)) {
        const found = await fingerprint(artifactPath(folder, artifact), {});
        if (found === null && mayLack) continue;
        if (TIMED.has(artifact)) assert.ok(found, `${when}: ${artifact}`);
        else assert.equal(found, expected.get(artifact), `${when}: ${artifact}`);
      }
      const names = await readdir(folder, { recursive: true }).catch(() => []);
      assert.deepEqual(
        names.filter((name) => name.endsWith(".partial") || name.endsWith(".lock")),
        [],
        when,
      );
    },
    close: () => rm(home, { recursive: true, force: true }),
  };
}

/** Whether an error says in one clear line that the disk is full. */
export function saysDiskIsFull(error: unknown, home: string): true {
  assert.ok(error instanceof LimitExceeded, String(error));
  assert.match(
    error.message,
    /^[a-z]+ [^\n]*: (no space left on the disk|[\d.]+ GiB are needed, [^\n]* are free)\. Free some and run again\.$/,
  );
  assert.ok(!error.message.includes(home), "no absolute path");
  return true;
}

/** Fills the disk at one operation of a stage: it and all after it that take room fail. */
async function fillAt(road: Road, stage: StageName, index: number, folder: string, fresh: boolean) {
  const takesRoom = new Set(["open", "write", "mkdir", "copy"]);
  const stop = watchWrites(folder, ({ kind }, at) =>
    at === index || (at > index && takesRoom.has(kind)) ? "full" : "none",
  );
  try {
    await assert.rejects(road.run(folder, stage, {}, fresh), (error) => saysDiskIsFull(error, road.home));
  } finally {
    stop();
  }
}

/**
 * Lets a stage meet a full disk at some of its operations, each for the first time and where it was done before: it
 * fails with one clear error, nothing torn has a final name, what was there stays, and the same call with room again
 * gives the same bytes.
 *
 * @param choose which of its operations
 */
export async function meetFullDisk(
  road: Road,
  stage: StageName,
  choose: (
    operations: { operation: Operation; index: number }[],
  ) => { operation: Operation; index: number }[],
): Promise<void> {
  const folder = join(road.home, "full", "remy");
  for (const { operation, index } of choose(road.operations.get(stage)!)) {
    const when = `${stage}, ${operation.kind} ${index} (${operation.path.slice(road.home.length)})`;
    await road.restore(folder, stage);
    await fillAt(road, stage, index, folder, false);
    await road.check(folder, stage, when, true);
    await road.run(folder, stage);
    await road.check(folder, stage, `${when}, with room again`, false);
  }
  // Doing it again has some more operations at its beginning; the same numbers are near enough.
  for (const { operation, index } of choose(road.operations.get(stage)!).filter((_, at) => at % 3 === 0)) {
    const when = `${stage} again, ${operation.kind} ${index}`;
    await road.restore(folder, "end");
    await fillAt(road, stage, index, folder, true);
    await road.check(folder, stage, when, false);
  }
}
