import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { message } from "../../../test/message.js";
import type { Piece } from "../turns.js";
import { beyondShare } from "./contact-share.js";
import { beyondLimit } from "./frequent-replies.js";
import { isGibberish } from "./gibberish.js";
import { isOneSided } from "./one-sided.js";
import { olderThan } from "./recency.js";
import { findRepeats } from "./repeats.js";

let made = 0;

/** A dialogue of turns in the order user, assistant, user …. */
function piece(texts: string[], { contact = "June", time = null as number | null } = {}): Piece {
  const id = (made += 1).toString(16).padStart(16, "0");
  const turns = texts.map((text, at) => {
    const own = at % 2 === 1;
    return { role: own ? "assistant" : "user", text, origin: "real", weight: Number(own) } as const;
  });
  return {
    dialogue: { id, contact, time, system: null, turns: [...turns] },
    messages: [message({ id })],
    sessions: [made],
  };
}

test("damaged and machine-made text is gibberish, style is not", () => {
  const damaged = [
    "锟斤拷锟斤拷",
    "ä½\u00a0å¥½å\u0095\u008a",
    "cafÃ©",
    "\uFFFD\uFFFD ok",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c",
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9eyJzdWIiOiIxMjM0",
  ];
  const sound = [
    "哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈",
    "nooooooooooooooooooooooooooooooooooooooooooooooo",
    "asdfghjkl",
    "café, été, naïve, Größe",
    "[旺柴][旺柴]",
    "😂😂😂",
    "11111111111111111111111111111111111111111111111111",
    "Donaudampfschifffahrtsgesellschaftskapitaenskajuete",
    "https://e.example/a/b",
    "",
  ];
  assert.deepEqual(
    damaged.filter((text) => !isGibberish(text)),
    [],
  );
  assert.deepEqual(sound.filter(isGibberish), []);
});

test("a dialogue is one-sided when one side wrote twenty bubbles to the other's one", () => {
  const many = Array.from({ length: 20 }, (_, at) => `line ${at}`).join("\n");
  assert.equal(isOneSided(piece([many, "ok"]).dialogue.turns), true);
  assert.equal(isOneSided(piece(["ok", many]).dialogue.turns), true);
  assert.equal(isOneSided(piece([many, "ok\nyes\nsure"]).dialogue.turns), false);
  assert.equal(isOneSided(piece(["a\nb\nc", "ok"]).dialogue.turns), false);
});

test("of dialogues that say nearly the same the longest stays; short ones all stay", async () => {
  const joke = "did you hear the one about the lighthouse keeper who never slept a single night";
  const first = piece([joke, "yes, you told me twice already"]);
  const longer = piece([`${joke}!!`, "Yes,  you told me twice already haha"]);
  const other = piece(["what about the keys to the red bicycle in the cellar", "no idea, ask June about it"]);
  const [morning, again] = [piece(["morning", "morning!"]), piece(["morning", "morning!"])];
  assert.deepEqual([...(await findRepeats([first, other, longer, morning, again]))], [first]);
});

test("no contact has more than its share of the replies that are left, and the newest stay", () => {
  const contacts = ["a", "b", "c", "d"];
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 4, maxLength: 4 }),
      fc.double({ min: 0.3, max: 0.99, noNaN: true }),
      (counts, share) => {
        const pieces = counts.flatMap((count, at) =>
          Array.from({ length: count }, (_, time) => piece(["q", "a"], { contact: contacts[at]!, time })),
        );
        const left = beyondShare(pieces, share);
        const kept = pieces.filter((one) => !left.has(one));
        for (const contact of contacts) {
          const own = kept.filter(({ dialogue }) => dialogue.contact === contact);
          const rest = kept.length - own.length;
          // One more would be the share exactly, or above it.
          assert.ok(
            own.length <= (share * rest) / (1 - share) + 1,
            `${own.length} beside ${rest} at ${share}`,
          );
          const dropped = [...left].filter(({ dialogue }) => dialogue.contact === contact);
          for (const one of dropped)
            assert.ok(own.every(({ dialogue }) => dialogue.time! > one.dialogue.time!));
        }
      },
    ),
  );
  assert.equal(beyondShare([piece(["q", "a"])], 0.4).size, 0);
});

test("a share that nobody exceeds leaves nothing out", () => {
  const pieces = ["a", "b", "c"].flatMap((contact) =>
    [1, 2].map((time) => piece(["q", "a"], { contact, time })),
  );
  assert.equal(beyondShare(pieces, 0.34).size, 0);
});

test("a short reply said too often carries loss only as often as twice the middle of the ten most frequent", () => {
  const often = Array.from({ length: 60 }, (_, at) => piece([`q${at}`, at % 2 ? "好的" : " 好的"]));
  const others = Array.from({ length: 10 }, (_, kind) =>
    Array.from({ length: 6 }, (__, at) => piece([`q${kind} ${at}`, `reply ${kind}`])),
  ).flat();
  const beyond = beyondLimit([...often, ...others], 1);
  assert.equal(beyond.length, 60 - 12);
  assert.ok(beyond.every(({ turn }) => turn.text.trim() === "好的"));
  const again = beyondLimit([...others, ...often], 1).map(({ piece: { dialogue } }) => dialogue.id);
  assert.deepEqual(new Set(again), new Set(beyond.map(({ piece: { dialogue } }) => dialogue.id)));
  assert.equal(beyondLimit(others, 1).length, 0);
});

test("what began more than so many months before the newest dialogue is too old; what has no time is not", () => {
  const [old, recent, newest, untimed] = [
    piece(["q", "a"], { time: 0 }),
    piece(["q", "a"], { time: 11 * 2_629_746 }),
    piece(["q", "a"], { time: 12 * 2_629_746 }),
    piece(["q", "a"]),
  ];
  assert.deepEqual([...olderThan([old, recent, newest, untimed], 6)], [old]);
});
