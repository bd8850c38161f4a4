import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { flagsOf, parseCall } from "./arguments.js";
import type { Command } from "./command.js";
import { commandHelp } from "./help.js";
import { resolveSettings } from "../project/settings.js";
import { clock, progressLine, short } from "./progress-bar.js";
import { stageSettings } from "./setting-flags.js";

const schema = z.object({
  learningRate: z.number().positive().default(1e-4).describe("highest learning rate"),
  schedule: z.enum(["cosine", "linear"]).default("cosine").describe("how it falls"),
  targets: z
    .array(z.enum(["q", "v"]))
    .default(["q", "v"])
    .describe("layers"),
  keep: z.boolean().default(true).describe("keep it"),
  names: z.record(z.string(), z.string()).default({}).describe("by contact"),
});
const command: Command = {
  name: "train",
  summary: "learns",
  usage: "<folder>",
  positionals: { min: 1, max: 1 },
  flags: flagsOf(schema),
  run: async () => {},
};

test("every setting of a schema becomes a flag with its default", () => {
  assert.deepEqual(flagsOf(schema)["learningRate"], {
    kind: "number",
    describe: "highest learning rate",
    default: 1e-4,
  });
  assert.equal(flagsOf(schema)["schedule"]!.hint, "cosine|linear");
  assert.match(commandHelp(command), /--schedule <cosine\|linear> +how it falls \(default cosine\)/);
});

test("a table is no flag: it has its place in kouwen.json", () => {
  assert.equal("names" in flagsOf(schema), false);
});

test("only what was given is handed on, as its own kind", () => {
  const argv = ["here", "--learning-rate", "0.01", "--targets", "q,v", "--no-keep"];
  assert.deepEqual(parseCall(command, argv), {
    positionals: ["here"],
    flags: { learningRate: 0.01, targets: ["q", "v"], keep: false },
  });
});

test("a misspelt flag, a wrong number and a missing folder are refused in one line", () => {
  const refused = [
    [["here", "--epohcs", "2"], /^train arguments: Unknown option '--epohcs'\. See kouwen train --help\.$/],
    [["here", "--learning-rate", "fast"], /^train --learning-rate: "fast" is not a number\. See/],
    [[], /^train arguments: <folder> is missing\. See/],
    [["here", "--schedule", "--keep"], /^train arguments: Option '--schedule' has no value\. See/],
    [["here", "there"], /^train arguments: "there" is one too many\. See/],
  ] as const;
  for (const [argv, message] of refused) assert.throws(() => parseCall(command, [...argv]), { message });
});

test("a number may be negative, with and without an equals sign", () => {
  const { flags } = parseCall(command, ["here", "--learning-rate", "-1", "--learning-rate=-.5"]);
  assert.deepEqual(flags, { learningRate: -0.5 });
  assert.deepEqual(parseCall(command, ["here", "--learning-rate", "-1"]).flags, { learningRate: -1 });
});

test("help fits a terminal of 60 columns, and 100 where none is known", () => {
  for (const [width, most] of [
    [60, 60],
    [undefined, 100],
    [400, 100],
  ] as const) {
    const longest = Math.max(
      ...commandHelp(command, width)
        .split("\n")
        .map(({ length }) => length),
    );
    assert.ok(longest <= most, `${longest}`);
  }
});

test("a command without a result has no --json", () => {
  const talk = { ...command, resultless: true as const };
  assert.throws(() => parseCall(talk, ["here", "--json"]), /Unknown option '--json'/);
  assert.doesNotMatch(commandHelp(talk), /--json/);
});

test("-h is --help, and what has nothing by default says so by silence", () => {
  assert.deepEqual(parseCall(command, ["-h"]).flags, { help: true });
  const none = { ...command, flags: flagsOf(z.object({ also: z.array(z.string()).default([]) })) };
  assert.doesNotMatch(commandHelp(none), /default/);
});

test("--set takes values with commas, lists, texts of digits and names as flags are spelt", () => {
  const set = [
    "dialogue.systemPrompt=You are {owner}, texting {contact}.",
    "import.owner=12345",
    'train.targets=["q_proj","v_proj"]',
    "train.learning-rate=1e-4,train.epochs=3",
    "compare.language=zh",
  ];
  assert.deepEqual(stageSettings({ set }), {
    dialogue: { systemPrompt: "You are {owner}, texting {contact}." },
    import: { owner: "12345" },
    train: { targets: ["q_proj", "v_proj"], learningRate: 1e-4, epochs: 3 },
    compare: { language: "zh" },
  });
  assert.deepEqual(stageSettings({ set: ["train.targets=q_proj,v_proj"] }), {
    train: { targets: ["q_proj", "v_proj"] },
  });
  assert.throws(() => stageSettings({ set: ["train.epoch=1"] }), /train has no setting "epoch" \(.*epochs/);
});

test("a value that a setting refuses is named with its limit", () => {
  const limits = z.object({
    share: z.number().gt(0).max(0.5).default(0.1),
    rank: z.int().min(1).default(16),
    how: z.enum(["off", "addressed"]).default("off"),
    names: z
      .array(z.enum(["q", "v"]))
      .min(1)
      .default(["q"]),
  });
  for (const [given, message] of [
    [{ share: 7 }, "a --share: 7 (at most 0.5). See kouwen a --help."],
    [{ share: 0 }, "a --share: 0 (over 0). See kouwen a --help."],
    [{ rank: 3.5 }, "a --rank: 3.5 is not a whole number. See kouwen a --help."],
    [{ rank: "x" }, 'a --rank: "x" is not of the kind number. See kouwen a --help.'],
    [{ how: "some" }, 'a --how: "some" is none of off, addressed. See kouwen a --help.'],
    [{ names: ["q", "foo"] }, 'a --names: "foo" is none of q, v. See kouwen a --help.'],
    [{ names: [] }, "a --names: 0 entries (at least 1). See kouwen a --help."],
  ] as const)
    assert.throws(() => resolveSettings("a", limits, {}, given), { message });
  assert.throws(() => resolveSettings("a", limits, { rank: 0 }, {}), {
    message: "a kouwen.json rank: 0 (at least 1). See kouwen a --help.",
  });
});

test("a line of progress holds share, rate, time left and remark", () => {
  const line = progressLine(
    { stage: "train", done: 30, total: 120, unit: "steps", note: "loss 2.31" },
    20,
    20,
  );
  assert.equal(
    line,
    `train      ${"━".repeat(6)}${"─".repeat(18)}   25 %  30/120 steps  1/s  1:30 left  loss 2.31`,
  );
  assert.equal(
    progressLine({ stage: "train", done: 1, total: 3, unit: "steps" }, 60, 1),
    `train      ${"━".repeat(8)}${"─".repeat(16)}   33 %  1/3 steps  2:00 left`,
  );
  assert.equal(
    progressLine({ stage: "import", done: 1500, total: 0, unit: "messages" }, 0, 0),
    "import     1.5k messages",
  );
  assert.deepEqual(
    [short(0.25), short(12.6), short(2_500_000), clock(59.6), clock(3725)],
    ["0.3", "13", "2.5M", "1:00", "1:02:05"],
  );
});
