import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, test } from "node:test";
import { z } from "zod";
import { MalformedInput, Unavailable } from "../errors.js";
import { writeAtomic } from "../files.js";
import { lockProject } from "./lock.js";
import { runStages, type Wish } from "./runner.js";
import type { Stage } from "./stage.js";

let project: string;
let done: string[];

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), "kouwen-runner-"));
  done = [];
});

const base = async (): Promise<string> => project;
const fetching = () => assert.fail("a base was fetched for nothing");

/** Copies the export into `messages`, then `messages` into `dialogues`, some number of times. */
function road(): Stage[] {
  const first: Stage = {
    name: "import",
    summary: "copies",
    schema: z.object({ owner: z.string().default("me").describe("who") }),
    reads: ({ inputs }) => [...inputs],
    writes: ["messages"],
    run: async ({ inputs, at }) => {
      done.push("import");
      const text = await readFile(inputs[0]!, "utf8");
      await writeAtomic(at("messages"), "import", (sink) => sink.write(text));
      return { note: "copied", bytes: text.length };
    },
  };
  const second: Stage = {
    name: "dialogue",
    summary: "repeats",
    schema: z.object({ times: z.number().int().min(1).default(2).describe("how often") }),
    reads: ({ at }) => [at("messages")],
    writes: ["dialogues"],
    leftovers: ["half-done"],
    run: async ({ at, settings }) => {
      done.push("dialogue");
      const text = await readFile(at("messages"), "utf8");
      const { times } = settings as { times: number };
      await writeAtomic(at("dialogues"), "dialogue", (sink) => sink.write(text.repeat(times)));
      return { note: "repeated" };
    },
  };
  return [first, second];
}

test("a flag is kept as its schema understood it", async () => {
  const [first, second] = road();
  const rounded = z.object({ times: z.number().overwrite(Math.round).default(2).describe("how often") });
  await runStages(
    [first!, { ...second!, schema: rounded }],
    await wish({ flags: { dialogue: { times: 2.6 } } }),
    base,
    {},
  );
  const file = JSON.parse(await readFile(join(project, "kouwen.json"), "utf8")) as {
    settings: Record<string, unknown>;
  };
  assert.deepEqual(file.settings["dialogue"], { times: 3 });
});

async function wish(more: Partial<Wish> = {}): Promise<Wish> {
  const path = join(project, "export.txt");
  await writeFile(path, "hello\n", { flag: "a" }).catch(() => {});
  return { project, inputs: [path], ...more };
}

test("a stage is done again only when what it reads, its settings or its output changed", async () => {
  const first = await wish();
  await runStages(road(), first, base, {});
  assert.deepEqual(done, ["import", "dialogue"]);

  done = [];
  const results = await runStages(road(), { project }, base, {});
  assert.deepEqual(done, []);
  assert.deepEqual(
    results.map(({ done, result }) => [done, result]),
    [
      ["before", { note: "copied", bytes: 6 }],
      ["before", { note: "repeated" }],
    ],
  );

  await runStages(road(), { project, flags: { dialogue: { times: 3 } } }, base, {});
  assert.deepEqual(done, ["dialogue"]);
  assert.equal(await readFile(join(project, "dialogues.jsonl"), "utf8"), "hello\nhello\nhello\n");

  done = [];
  await rm(join(project, "dialogues.jsonl"));
  await runStages(road(), { project }, base, {});
  assert.deepEqual(done, ["dialogue"], "the setting of the last call is kept, the lost output made again");
  assert.equal(await readFile(join(project, "dialogues.jsonl"), "utf8"), "hello\nhello\nhello\n");

  done = [];
  await wish();
  await runStages(road(), { project }, base, {});
  assert.deepEqual(done, ["import", "dialogue"], "the export grew");
});

test("a fresh start does everything again and drops what was half done", async () => {
  await runStages(road(), await wish(), base, {});
  await writeFile(join(project, "half-done"), "x");
  await writeFile(join(project, "dialogues.jsonl.1234.partial"), "x");
  done = [];
  await runStages(road(), { project, fresh: true }, base, {});
  assert.deepEqual(done, ["import", "dialogue"]);
  for (const name of ["half-done", "dialogues.jsonl.1234.partial"]) {
    await assert.rejects(readFile(join(project, name)), { code: "ENOENT" });
  }
});

test("kouwen.json says who chose each setting", async () => {
  await runStages(road(), await wish({ flags: { dialogue: { times: 5 } } }), base, {});
  const file = JSON.parse(await readFile(join(project, "kouwen.json"), "utf8"));
  assert.deepEqual(file.settings, { dialogue: { times: 5 } });
  assert.deepEqual(file.resolved, {
    import: { owner: { value: "me", origin: "default" } },
    dialogue: { times: { value: 5, origin: "flag" } },
  });
});

test("a setting that the schema refuses stops the run before anything is written", async () => {
  const wrong = await wish({ flags: { dialogue: { times: 0 } } });
  await assert.rejects(runStages(road(), wrong, base, {}), (error: Error) => {
    assert.ok(error instanceof MalformedInput);
    assert.match(error.message, /^dialogue --times: .*1.* See kouwen dialogue --help\.$/);
    return true;
  });
  assert.deepEqual(done, []);
  await writeFile(
    join(project, "kouwen.json"),
    JSON.stringify({ kouwen: 1, settings: { dialogue: { tiems: 2 } } }),
  );
  await assert.rejects(
    runStages(road(), await wish(), base, {}),
    /there is no setting "tiems" \(known: times\)/,
  );
});

test("a second process is kept out, and a dead one's lock is taken over", async () => {
  await writeFile(join(project, ".lock"), String(process.ppid));
  await assert.rejects(runStages(road(), await wish(), base, {}), (error) => error instanceof Unavailable);
  // No process has this number: Linux and macOS stop far below it.
  await writeFile(join(project, ".lock"), "2147483646");
  await runStages(road(), await wish(), base, {});
  assert.deepEqual(done, ["import", "dialogue"]);
});

test("a lock that its maker has not finished yet is waited for; one that nobody will finish is taken over", async () => {
  const lock = join(project, ".lock");
  await writeFile(lock, "");
  const waiting = assert.rejects(
    lockProject(project),
    /^Unavailable: project: process \d+ is at work in it\. .*\.lock/,
  );
  for (let turn = 0; turn < 50; turn += 1) await stat(lock).catch(() => {});
  await writeFile(lock, String(process.ppid));
  await waiting;
  await writeFile(lock, "");
  await utimes(lock, 1, 1);
  await (
    await lockProject(project)
  )();
  assert.deepEqual(await readdir(project), []);
});

test("a state that is broken in any way costs a second run, nothing else", async () => {
  const first = await wish();
  for (const state of ["x", "null", "[]", "{}", '{"stages":3}', '{"digests":{},"stages":{"dialogue":5}}']) {
    done = [];
    await writeFile(join(project, ".state.json"), state);
    await runStages(road(), first, base, {});
    assert.deepEqual(done, ["import", "dialogue"], state);
  }
});

test("a project file that is broken is left as it is, and the error says what helps", async () => {
  const path = join(project, "kouwen.json");
  for (const [text, what] of [
    [
      "{",
      /^MalformedInput: project kouwen\.json: not JSON at character .*\. Mend it, or remove it and import again\.$/,
    ],
    ["[]", /^MalformedInput: project kouwen\.json: value: .*\. Mend it, or remove it and import again\.$/],
  ] as const) {
    await writeFile(path, text);
    await assert.rejects(runStages(road(), await wish({ fresh: true }), base, {}), what);
    assert.equal(await readFile(path, "utf8"), text);
  }
});

test("after a failure the next run goes on at the stage that failed", async () => {
  const stages = road();
  const failing = { ...stages[1]!, run: () => Promise.reject(new Error("no")) };
  await assert.rejects(runStages([stages[0]!, failing], await wish(), base, {}), /no/);
  done = [];
  await runStages(stages, { project }, base, {});
  assert.deepEqual(done, ["dialogue"]);
});

test("a stage whose input was never made says what to do", async () => {
  await assert.rejects(
    runStages(road().slice(1), await wish(), base, {}),
    /^Unavailable: dialogue messages\.jsonl: not there yet\. Run the stages before it, or kouwen run --project /,
  );
  const needsBase = { ...road()[1]!, usesBase: true as const };
  await assert.rejects(
    runStages([needsBase], await wish(), fetching, {}),
    /^Unavailable: dialogue messages\.jsonl/,
  );
});

test("a stop between stages keeps what was done", async () => {
  const stop = new AbortController();
  const watcher = { signal: stop.signal, onStage: (): void => stop.abort(new Error("stopped")) };
  await assert.rejects(runStages(road(), await wish(), base, watcher), /stopped/);
  assert.deepEqual(done, ["import"]);
  done = [];
  await runStages(road(), { project }, base, {});
  assert.deepEqual(done, ["dialogue"]);
});

test("what is chosen while a stage runs is kept, and the stage is done", async () => {
  const [first, second] = road();
  const asking: Stage = {
    ...first!,
    run: async (context) => {
      await context.choose({ owner: "Remy" });
      return first!.run(context);
    },
  };
  await runStages([asking, second!], await wish(), base, {});
  const file = JSON.parse(await readFile(join(project, "kouwen.json"), "utf8"));
  assert.deepEqual(file.settings, { import: { owner: "Remy" } });
  assert.deepEqual(file.resolved.import, { owner: { value: "Remy", origin: "project" } });
  done = [];
  await runStages([asking, second!], { project }, base, {});
  assert.deepEqual(done, []);
});

test("inputs are added to those of before, and a fresh start has only the new ones", async () => {
  const inputs = async (): Promise<string[]> =>
    JSON.parse(await readFile(join(project, "kouwen.json"), "utf8")).inputs;
  const [one, two] = [join(project, "export.txt"), join(project, "other.txt")];
  await runStages(road(), await wish(), base, {});
  await writeFile(two, "x");
  await runStages(road(), { project, inputs: [two] }, base, {});
  assert.deepEqual(await inputs(), [one, two]);
  done = [];
  await runStages(road(), { project, inputs: [two, one] }, base, {});
  assert.deepEqual([await inputs(), done], [[one, two], []]);
  await runStages(road(), { project, inputs: [two], fresh: true }, base, {});
  assert.deepEqual(await inputs(), [two]);
});
