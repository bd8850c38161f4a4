import { writeSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { KouwenError } from "../../src/errors.js";
import { ARCHITECTURES } from "../../src/formats/model-config.js";
import { createRandom } from "../../src/random.js";
import { countAllocations } from "./allocations.js";
import { pick } from "./hostile.js";
import { type MicroModel, microModel } from "./micro-model.js";
import { filesFor, type Target, TARGETS } from "./readers.js";

// node dist/test/fuzz/main.js --seed <text> --from <first case> --count <how many>: reads that many damaged files. A
// line `case <number>` before each, so that the last one is known after a crash; `failed …` for each that went wrong.
const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    count: { type: "string", default: "1" },
    show: { type: "boolean", default: false },
  },
});
const say = (line: string) => writeSync(1, `${line}\n`);

/** A file of this size may cost so much in one piece: values four times as wide, and a header's first read. */
const most = (bytes: number) => 16 * bytes + (1 << 20);
/** `<stage> <subject>: <what is wrong>. <next action>.` on one line that a terminal shows as it is. */
const CLEAR = /^[a-z]+ [^\p{Cc}]+: [^\p{Cc}\u2028\u2029]+\. [A-Z][^\p{Cc}]+\.$/u;
const LONGEST_MESSAGE = 700;

const folder = await mkdtemp(join(tmpdir(), "kouwen-fuzz-"));
const models: MicroModel[] = [];
for (const name of ARCHITECTURES) models.push(await microModel(join(folder, name), name));
const dialogue = {
  id: "1",
  split: "train",
  system: null,
  turns: [
    { role: "user", text: "a", weight: 0 },
    { role: "assistant", text: "b", weight: 1 },
  ],
};
await writeFile(join(folder, "dialogues.jsonl"), `${JSON.stringify(dialogue)}\n`);
// A reader that refuses whole files, too, would be tried in vain.
for (const model of models) {
  for (const target of TARGETS) await readFiles(target, filesFor(target, model));
}
const allocations = countAllocations();
const counts = { read: 0, refused: 0, failed: 0 };
const first = Number(values.from);
for (let index = first; index < first + Number(values.count); index += 1) {
  say(`case ${index}`);
  const what = await readDamaged(index);
  counts[what === undefined ? "read" : what === "" ? "refused" : "failed"] += 1;
  if (what) say(`failed case ${index}, seed ${values.seed}: ${what}`);
}
say(`rss ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
say(JSON.stringify(counts));
await rm(folder, { recursive: true });

/** Undefined where the file was read, an empty text where it was refused well, or what went wrong. */
async function readDamaged(index: number): Promise<string | undefined> {
  const random = createRandom(`${values.seed} ${index}`);
  const target = TARGETS[index % TARGETS.length]!;
  const model = pick(random, models);
  const damaged = target.mutate(model[target.file]!, random);
  allocations.restart();
  let failure: string | undefined;
  try {
    await readFiles(target, [...filesFor(target, model), [target.file, damaged]]);
  } catch (error) {
    if (values.show) say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    failure = judge(error);
  }
  const asked = allocations.largest();
  const limit = most(Math.max(damaged.length, ...Object.values(model).map((bytes) => bytes.length)));
  if (asked > limit) failure = `${target.file}: ${asked} bytes asked for (${limit} expected at most)`;
  return failure;
}

/** Lets a target read these files, of two with one name the later. */
async function readFiles(target: Target, files: readonly [string, Buffer][]): Promise<void> {
  const here = join(folder, "case");
  const out = join(folder, "out");
  await mkdir(here);
  await mkdir(out);
  try {
    for (const [name, bytes] of files) await writeFile(join(here, name), bytes);
    await target.read(here, out);
  } finally {
    await rm(here, { recursive: true });
    await rm(out, { recursive: true });
  }
}

function judge(error: unknown): string {
  if (!(error instanceof KouwenError)) {
    return error instanceof Error ? `${error.name}: ${error.message.slice(0, 200)}` : "no error object";
  }
  const { message } = error;
  if (message.includes(folder)) return `a path in the message: ${message.slice(0, 200)}`;
  if (message.length > LONGEST_MESSAGE)
    return `a message of ${message.length} characters: ${message.slice(0, 200)}`;
  return CLEAR.test(message) ? "" : `an unclear message: ${JSON.stringify(message.slice(0, 300))}`;
}
