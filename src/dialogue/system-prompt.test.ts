import assert from "node:assert/strict";
import { test } from "node:test";
import { make, reasons, session, timed } from "../../test/transcripts.js";
import type { DialogueSettings } from "./settings.js";
import { checkPrompted } from "./system-prompt.js";

const exported = session("s1", "* You are Remy, talking to June.", "< hi", "> yo");
const plain = timed([0, "< hi"], [5, "> yo"]);

async function systems(messages: typeof plain, settings: Partial<DialogueSettings> = {}) {
  return (await make(messages, settings)).dialogues.map(({ system }) => system);
}

test("what the export carries is kept, and where it carries nothing there is none", async () => {
  assert.deepEqual(await systems(exported), ["You are Remy, talking to June."]);
  assert.deepEqual(await systems(plain), [null]);
});

test("a template names the owner and the contact, and takes the place of the export's", async () => {
  const settings = { systemPrompt: "You are {owner}, texting {contact}. {x}" };
  assert.deepEqual(await systems(plain, settings), ["You are Remy, texting June. {x}"]);
  assert.deepEqual(await systems(exported, settings), ["You are Remy, texting June. {x}"]);
  assert.deepEqual(await reasons(exported, settings), ["system-replaced 1"]);
});

test("a contact's own wins over the one for all, and an empty one tells nothing", async () => {
  const hal = timed([0, "< hi", { contact: "Hal" }], [5, "> yo", { contact: "Hal" }]);
  const settings = { systemPrompt: "for all", systemPrompts: { June: "{owner} and her sister", Hal: "" } };
  assert.deepEqual(await systems([...plain, ...hal], settings), ["Remy and her sister", null]);
});

test("a prompt for nobody is a mistake that is told, with who there is", () => {
  checkPrompted({ systemPrompts: { June: "x" } }, plain);
  assert.throws(
    () => checkPrompted({ systemPrompts: { Jun: "x" } }, plain),
    /^MalformedInput: dialogue kouwen\.json systemPrompts: "Jun" is none of the 1 contacts \(June\)\. Mend /,
  );
});
