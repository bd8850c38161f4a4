import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { flagsOf, parseCall } from "./arguments.js";
import type { Command } from "./command.js";
import { commandHelp } from "./help.js";
import { clock, progressLine, short } from "./progress-bar.js";

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
    [["here", "there"], /^train arguments: "there" is one too many\. See/],
  ] as const;
  for (const [argv, message] of refused) assert.throws(() => parseCall(command, [...argv]), { message });
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
    progressLine({ stage: "import", done: 1500, total: 0, unit: "messages" }, 0, 0),
    "import     1.5k messages",
  );
  assert.deepEqual(
    [short(0.25), short(12.6), short(2_500_000), clock(59.6), clock(3725)],
    ["0.3", "13", "2.5M", "1:00", "1:02:05"],
  );
});
