import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Dialogue } from "../src/dialogue/dialogue.js";
import { factoryFile } from "../src/engines/llama-factory/environment.js";
import { trainByLlamaFactory } from "../src/engines/llama-factory/train.js";
import { createTrainer } from "../src/engines/onnxruntime/trainer.js";
import { readJsonLines, writeJsonLines } from "../src/files.js";
import { kouwenHome, packageRoot } from "../src/project/paths.js";
import { trainStageSettings } from "../src/train/engine-settings.js";
import { heldOutLosses } from "../src/train/held-out-losses.js";
import { train } from "../src/train/train.js";

// Whether LLaMA-Factory, as `kouwen train --engine llamafactory` drives it, learns what the embedded trainer learns:
//   node dist/bench/parity.js <base folder> <dialogues.jsonl> [<dialogues to train on>] [<held out>]
// Same settings, first adapter and order; dialogues are cut to four exchanges, so that a step of 16 replies is one of four
// dialogues to both. Each adapter's held-out loss is measured by our own model, in nats a token.

const EXCHANGES = 4;
const [base, from, many = "128", unseen = "64"] = process.argv.slice(2) as [string, string, string?, string?];

async function choose(to: string): Promise<void> {
  const [learnt, heldOut]: [Dialogue[], Dialogue[]] = [[], []];
  for await (const dialogue of readJsonLines<Dialogue>(from, "bench")) {
    if (dialogue.split === "heldout") heldOut.push(dialogue);
    const turns = dialogue.turns.slice(0, 2 * EXCHANGES);
    const whole = turns.filter(({ weight }) => weight === 1).length === EXCHANGES;
    if (dialogue.split === "train" && whole) learnt.push({ ...dialogue, turns });
  }
  await writeJsonLines(to, "bench", [...learnt.slice(0, Number(many)), ...heldOut.slice(0, Number(unseen))]);
}

const folder = await mkdtemp(join(tmpdir(), "bench-parity-"));
try {
  const dialogues = join(folder, "dialogues.jsonl");
  await choose(dialogues);
  // No warm-up, as the two count its steps differently.
  const common = { engine: "llamafactory", epochs: 1, warmupRatio: 0, patience: 0, processes: 1 } as const;
  const settings = trainStageSettings.parse({ ...common, precision: "exact", batchReplies: 16, force: true });
  const run = { say: (line: string) => console.log(line) };
  const paths = (name: string) => ({ base, dialogues, out: join(folder, name) });
  const plug = factoryFile(packageRoot, "plug.py");
  const ours = await train(paths("ours"), settings, createTrainer(), run);
  const theirs = await trainByLlamaFactory({ plug, home: kouwenHome(), env: process.env })(
    paths("theirs"),
    settings,
    run,
  );
  const loss = async (name: string): Promise<number> => {
    const all = await heldOutLosses(
      { ...paths(name), adapter: join(folder, name, "adapter") },
      settings,
      createTrainer(),
    );
    const [nats, weight] = [...all.values()].reduce(
      ([sum, count], one) => [sum + one.loss, count + one.weight] as [number, number],
      [0, 0] as [number, number],
    );
    return nats / weight;
  };
  const [mine, other] = [await loss("ours"), await loss("theirs")];
  console.log(`held-out loss from ${ours.heldOutLoss!.start.toFixed(4)}, nats a token`);
  console.log(`embedded, exact   ${mine.toFixed(5)} in ${ours.steps.done} steps`);
  console.log(`LLaMA-Factory     ${other.toFixed(5)} in ${theirs!.steps.done} steps`);
  console.log(`difference        ${((100 * Math.abs(mine - other)) / mine).toFixed(3)} % (at most 1)`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
