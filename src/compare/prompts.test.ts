import assert from "node:assert/strict";
import { test } from "node:test";
import { heldOutDialogue } from "../../test/fake-host.js";
import { choosePrompts, listPrompts } from "./prompts.js";

test("every real held-out reply is a prompt; its context starts with the other side", () => {
  const dialogue = heldOutDialogue("d", "June", ["one", "two", "three"]);
  dialogue.turns[3]!.origin = "synthetic";
  const train = { ...heldOutDialogue("t", "June", ["no"]), split: "train" as const };
  const prompts = listPrompts([train, dialogue], 4);
  assert.deepEqual(
    prompts.map(({ id, reply, context }) => [id, reply, context.map(({ text }) => text)]),
    [
      ["d:1", "one", ["question 0?"]],
      ["d:5", "three", ["question 1?", "two", "question 2?"]],
    ],
  );
});

test("a choice is spread over contacts and dialogues, and the same for the same seed", () => {
  const dialogues = [
    heldOutDialogue("a1", "A", Array<string>(20).fill("x")),
    heldOutDialogue("a2", "A", Array<string>(20).fill("x")),
    heldOutDialogue("b1", "B", Array<string>(2).fill("x")),
  ];
  const prompts = listPrompts(dialogues, 8);
  const chosen = choosePrompts(prompts, 8, 7);
  const count = (id: string): number => chosen.filter(({ dialogueId }) => dialogueId === id).length;
  assert.deepEqual([count("a1"), count("a2"), count("b1")], [3, 3, 2]);
  assert.deepEqual(choosePrompts(prompts, 8, 7), chosen);
  assert.notDeepEqual(choosePrompts(prompts, 8, 8), chosen);
  assert.equal(choosePrompts(prompts, 1000, 7).length, 42);
});
