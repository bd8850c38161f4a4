import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createRandom } from "../random.js";
import { chooseHeldOut, heldOutTarget, type Unsplit } from "./split.js";

const WORDS =
  "red bike late train coffee home rain dinner sister guitar window letter yellow market river".split(" ");

let sessions = 0;

/** A dialogue that is a session of its own, unless told otherwise. */
function dialogue(id: string, texts: string[], parts: Partial<Unsplit> = {}): Unsplit {
  const turns = texts.map((text, at) => {
    const role = at % 2 === 0 ? ("user" as const) : ("assistant" as const);
    return { role, text, origin: "real" as const, weight: at % 2 };
  });
  return { id, contact: "June", time: null, turns, sessions: [(sessions += 1)], ...parts };
}

/** Dialogues of invented words, all different. */
function many(count: number, parts: (at: number) => Partial<Unsplit> = () => ({})): Unsplit[] {
  const random = createRandom("many");
  const text = (length: number) =>
    Array.from({ length }, () => WORDS[Math.floor(random() * WORDS.length)]!).join(" ");
  return Array.from({ length: count }, (_, at) =>
    dialogue(`id-${at}`, [`${text(6)} ${at}`, `${text(5)} ${at}`], parts(at)),
  );
}

function joined({ turns }: Unsplit): string {
  return turns
    .map(({ text }) => text)
    .join("\n")
    .toLowerCase();
}

function grams(text: string): Set<string> {
  return new Set(Array.from({ length: text.length - 2 }, (_, at) => text.slice(at, at + 3)));
}

/** Character 3-grams in common, by the definition. */
function jaccard(a: string, b: string): number {
  const [one, two] = [grams(a), grams(b)];
  const shared = [...one].filter((gram) => two.has(gram)).length;
  return shared / (one.size + two.size - shared);
}

function opening({ turns }: Unsplit): string {
  return joined({ ...dialogue("", []), turns: turns.slice(0, 2) });
}

test("a tenth is held out, or about thirty where that is no more than a fifth", async () => {
  assert.deepEqual(
    [1000, 200, 100, 20, 4].map((count) => heldOutTarget(count, 0.1)),
    [100, 30, 20, 4, 0],
  );
  assert.equal(heldOutTarget(1000, 0), 0);
  assert.equal((await chooseHeldOut(many(500), { heldOut: 0.1, seed: 1 })).size, 50);
  assert.equal((await chooseHeldOut(many(500), { heldOut: 0, seed: 1 })).size, 0);
});

test("the seed decides, the order does not", async () => {
  const dialogues = many(300);
  const first = await chooseHeldOut(dialogues, { heldOut: 0.1, seed: 1 });
  assert.deepEqual(await chooseHeldOut(dialogues.toReversed(), { heldOut: 0.1, seed: 1 }), first);
  assert.notDeepEqual(await chooseHeldOut(dialogues, { heldOut: 0.1, seed: 2 }), first);
});

test("where times are known, the newest of each contact are held out", async () => {
  const dialogues = many(300, (at) => ({ time: at * 1000, contact: at % 3 === 0 ? "Hal" : "June" }));
  const held = await chooseHeldOut(dialogues, { heldOut: 0.1, seed: 1 });
  for (const [contact, count] of [
    ["Hal", 10],
    ["June", 20],
  ] as const) {
    const newest = dialogues.filter((one) => one.contact === contact).slice(-count);
    assert.ok(
      newest.every(({ id }) => held.has(id)),
      contact,
    );
  }
  assert.equal(held.size, 30);
});

test("a new dialogue that repeats an old one stays in training, and an older one takes its place", async () => {
  const dialogues = many(300, (at) => ({ time: at * 1000 }));
  const copy = { ...dialogues[3]!, id: "copy", time: 299_500 };
  const held = await chooseHeldOut([...dialogues, copy], { heldOut: 0.1, seed: 1 });
  assert.ok(!held.has("copy") && !held.has("id-3"));
  assert.equal(held.size, 30);
  assert.ok(held.has("id-270"));
});

test("many contacts of a few dialogues give their share together", async () => {
  const dialogues = many(400, (at) => ({ time: at, contact: `contact ${at % 100}` }));
  assert.equal((await chooseHeldOut(dialogues, { heldOut: 0.1, seed: 1 })).size, 40);
});

test("held-out dialogues are not near, equal to or part of one in training", async () => {
  const base = many(40);
  const change = fc.constantFrom("same", "case", "typo", "inside", "tail", "reply", "opening");
  const copies = fc.array(fc.tuple(fc.nat(39), change, fc.option(fc.nat(100_000))), {
    minLength: 5,
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(copies, fc.nat(5), async (list, seed) => {
      const derived = list.map(([at, kind, time], index) => {
        const texts = base[at]!.turns.map(({ text }) => text);
        const [question, answer] = texts as [string, string];
        const changed: Record<typeof kind, string[]> = {
          same: texts,
          case: [question.toUpperCase(), answer],
          typo: [question, `${answer.slice(0, 20)}x${answer.slice(20)}`],
          inside: [`before ${index}`, `then ${index}`, question, answer, `after ${index}`, "end"],
          tail: [`so ${question}`, `${answer} and more of it ${index}`],
          reply: [`something else entirely, number ${index}`, `${answer} ${answer.toUpperCase()}!`],
          opening: [question, answer, `go on ${index}`, `no ${index}`],
        };
        return dialogue(`copy-${index}`, changed[kind], { time, contact: `c${at % 3}` });
      });
      const dialogues = [...base, ...derived];
      const held = await chooseHeldOut(dialogues, { heldOut: 0.3, seed });
      const train = dialogues.filter(({ id }) => !held.has(id));
      assert.ok(held.size <= dialogues.length / 2);
      for (const one of dialogues.filter(({ id }) => held.has(id))) {
        for (const other of train) {
          assert.ok(!joined(other).includes(joined(one)), `${one.id} is part of ${other.id}`);
          if (joined(one).length > 40 && joined(other).length > 40)
            assert.ok(jaccard(joined(one), joined(other)) < 0.8, `${one.id} is near ${other.id}`);
          assert.notEqual(opening(one), opening(other));
        }
      }
    }),
    { numRuns: 60 },
  );
});
