import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Dialogue } from "../dialogue/dialogue.js";
import { LimitExceeded } from "../errors.js";
import { writeJsonLines } from "../files.js";
import type { Progress } from "../progress.js";
import { createRandom } from "../random.js";
import { compareSystems } from "./compare-systems.js";
import type { Comparison, ModelKey } from "./comparison.js";
import {
  createFakeHost,
  fakeCodec,
  heldOutDialogue,
  writeFakeModels,
  type FakeHost,
  type FakeModel,
} from "../../test/fake-host.js";
import { compareSettings } from "./settings.js";

const talkative = Array.from({ length: 9 }, (_, index) => {
  const topics = ["weather", "garden", "train", "music", "coffee", "winter", "paper", "river", "lamp"];
  const topic = topics[index]!;
  return `That sounds wonderful! I would love to hear more about the ${topic} whenever you have a moment to share.`;
});
const terse = [
  "yeah",
  "ok haha",
  "be there at 7",
  "no worries",
  "in a bit 😂",
  "lol what",
  "same",
  "on my way\nwait for me",
];
const models: Record<ModelKey, FakeModel> = {
  base: { replies: talkative, surprise: 3 },
  baseQ4: { replies: talkative, surprise: 3.06 },
  f16: { replies: terse, surprise: 2 },
  q4: { replies: terse, surprise: 2.04 },
};
const settings = compareSettings.parse({ prompts: 60 });

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "kouwen-"));
});
after(() => rm(folder, { recursive: true }));

/** 20 dialogues of four replies each with two contacts. */
function chats(): Dialogue[] {
  const random = createRandom("chats");
  return Array.from({ length: 20 }, (_, index) => {
    const replies = Array.from({ length: 4 }, () => terse[Math.floor(random() * terse.length)]!);
    return heldOutDialogue(`d${index}`, index % 2 ? "June" : "Dez", replies);
  });
}

async function compareFakes(
  name: string,
  changes: Partial<Record<ModelKey, FakeModel>> = {},
  host: FakeHost = createFakeHost(),
  run = {},
): Promise<Comparison> {
  const out = join(folder, name);
  const dialogues = join(out, "dialogues.jsonl");
  await writeJsonLines(dialogues, "compare", chats());
  const systems = await writeFakeModels(out, { ...models, ...changes });
  return compareSystems({ systems, dialogues, out }, fakeCodec, settings, host, run);
}

test("tells a talkative model from the person, and the tuned one is close", async () => {
  const { systems, effects, prompts, samples } = await compareFakes("plain");
  assert.deepEqual([prompts.n, prompts.available, prompts.contacts], [60, 80, 2]);
  for (const system of Object.values(systems)) assert.equal(system.n, 60);
  assert.equal(new Set(systems.base.seeds).size, 60);
  assert.deepEqual(systems.base.seeds, systems.q4.seeds);
  assert.match(systems.f16.hash!, /^[0-9a-f]{64}$/);
  assert.ok(systems.base.medianReplyChars > 90);
  assert.ok(systems.real.medianReplyChars < 20);
  assert.equal(systems.real.nllPerChar, null);
  assert.ok(systems.f16.lengthDistance < 1 && systems.base.lengthDistance > 2);

  assert.equal(systems.base.habits.lowerCase!.share, 0);
  assert.equal(systems.real.habits.lowerCase!.share, 1);
  assert.equal(systems.base.habits.fullStop!.share, 1);
  assert.ok(systems.f16.habits.laughter!.share > 0.1);
  assert.equal(systems.real.habits.particle, null);
  assert.ok(systems.f16.linesPerReply > 1);

  assert.ok(Math.abs(effects.tuning.nllChange.value + 1 / 3) < 1e-9);
  assert.ok(Math.abs(effects.rounding.nllChange.value - 0.02) < 1e-9);
  assert.ok(effects.tuning.lengthRatio.from > 5 && effects.tuning.lengthRatio.to < 2);
  assert.ok(effects.tuning.lengthGapClosed! > 0.8);
  assert.equal(samples.length, 6);
});

test("a system compared with itself has no effect, and the halves of the person agree", async () => {
  const same = models.base;
  const { systems, effects } = await compareFakes("self", { f16: same, q4: same });
  assert.deepEqual(effects.tuning.nllChange, { value: 0, interval: [0, 0] });
  assert.equal(effects.tuning.lengthGapClosed, 0);
  assert.equal(effects.tuning.lengthRatio.from, effects.tuning.lengthRatio.to);
  assert.deepEqual(systems.f16.habits, systems.base.habits);
  // What chance makes of 30 replies against the other 30 of the same person.
  assert.ok(systems.real.lengthDistance < 0.5, String(systems.real.lengthDistance));
});

test("counts broken replies by reason, and a reply cut at the limit as cut", async () => {
  const broken: FakeModel = { replies: ["", "<think>hm", "我不知道怎么说才好"], surprise: 2 };
  const { systems } = await compareFakes("broken", { q4: broken, baseQ4: { ...models.base, cut: true } });
  assert.equal(systems.q4.broken!.share, 1);
  const { empty, leak, wrongScript } = systems.q4.brokenBy;
  assert.equal(empty + leak + wrongScript, 60);
  assert.ok(empty > 0 && leak > 0 && wrongScript > 0);
  assert.equal(systems.baseQ4.brokenBy.tokenLimit, 60);
  assert.equal(systems.real.broken!.count, 0);
});

test("models are in memory one at a time, with as many replies side by side as set", async () => {
  const host = createFakeHost();
  await compareFakes("memory", {}, host);
  assert.equal(host.loads.length, 4);
  assert.equal(host.mostOpen, 1);
  assert.equal(host.open, 0);
  assert.equal(host.mostBusy, settings.sequences);
});

test("progress counts replies of all models, up to the total", async () => {
  const seen: Progress[] = [];
  await compareFakes("progress", {}, createFakeHost(), {
    onProgress: (progress: Progress) => seen.push(progress),
  });
  assert.deepEqual([seen[0]!.done, seen[0]!.total, seen[0]!.unit], [0, 240, "replies"]);
  assert.equal(seen.at(-1)!.done, 240);
  assert.ok(seen.every(({ done }, index) => index === 0 || done >= seen[index - 1]!.done));
});

test("an interrupted comparison goes on where it stopped and ends as if it had not been", async () => {
  const stop = new AbortController();
  const first = createFakeHost((count) => {
    if (count === 100) stop.abort(new Error("stopped by the person"));
  });
  await assert.rejects(compareFakes("resume", {}, first, { signal: stop.signal }), /stopped by the person/);
  assert.equal(first.open, 0);

  let replies = 0;
  const second = createFakeHost(() => (replies += 1));
  const resumed = await compareFakes("resume", {}, second);
  assert.equal(second.loads.length, 3);
  assert.ok(replies >= 140 && replies <= 140 + settings.sequences, String(replies));
  assert.deepEqual(resumed, await compareFakes("whole"));

  const third = createFakeHost();
  assert.deepEqual(await compareFakes("resume", {}, third), resumed);
  assert.equal(third.loads.length, 0);
});

test("a changed model replies anew, the others do not", async () => {
  await compareFakes("changed");
  const host = createFakeHost();
  await compareFakes("changed", { q4: { ...models.q4, surprise: 2.5 } }, host);
  assert.deepEqual(
    host.loads.map((path) => path.slice(-7)),
    ["q4.gguf"],
  );
});

test("nothing held out is refused in one line", async () => {
  const dialogues = join(folder, "none.jsonl");
  await writeJsonLines(dialogues, "compare", [{ ...chats()[0]!, split: "train" }]);
  const systems = await writeFakeModels(folder, models);
  await assert.rejects(
    compareSystems({ systems, dialogues, out: folder }, fakeCodec, settings, createFakeHost()),
    (error: unknown) =>
      error instanceof LimitExceeded && /^compare dialogues\.jsonl: 0 held-out .*\.$/.test(error.message),
  );
});
