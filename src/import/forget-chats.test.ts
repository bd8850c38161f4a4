import assert from "node:assert/strict";
import { test } from "node:test";
import { dialogue, folder, imported } from "../../test/chat-exports.js";

const WHATSAPP = `12/03/2025, 21:04 - June: the heron is back
12/03/2025, 21:05 - Remy: told you so
`;
const TOLD = dialogue("the heron is back on our roof, come and look at it", "told you it would come back");

async function makeExport() {
  return await folder({
    "June/June_train.json": [TOLD, dialogue("short?", "short.")],
    "Ada/Ada_train.json": [dialogue("any tea left in the pot for me", "just enough for one")],
    "small_train.json": [TOLD, dialogue("any tea left in the pot for me", "just enough for one")],
    "June/photo.bin": Buffer.from([0, 1, 2, 3]),
    "WhatsApp Chat with June.txt": Buffer.from(WHATSAPP),
    "WhatsApp Chat with Ada.txt": Buffer.from(
      WHATSAPP.replaceAll("June", "Ada").replaceAll("heron", "kettle"),
    ),
  });
}

test("a forgotten contact is in no message and no line of the report, and copies in merged files stay out too", async () => {
  const home = await makeExport();
  const whole = await imported(home, { owner: "Remy" });
  const { report, messages } = await imported(home, { owner: "Remy", forget: "June" });
  assert.deepEqual(
    messages,
    whole.messages.filter(({ contact }) => contact !== "June"),
    "all others are as they were",
  );
  assert.doesNotMatch(JSON.stringify({ report, messages }), /June|heron|short/);
  const { read, duplicates, forgotten } = report;
  assert.deepEqual(forgotten, { contacts: 1, dialogues: 2, messages: 6 });
  assert.equal(read, whole.report.read);
  assert.deepEqual(duplicates, whole.report.duplicates);
  assert.equal(read, report.messages + duplicates.messages + forgotten.messages);
  assert.deepEqual(report.sources, {
    "memotrace-json": { files: 2, dialogues: 1, messages: 2 },
    "whatsapp-txt": { files: 1, dialogues: 0, messages: 2 },
  });
});

test("a name that is not there changes nothing; when all are forgotten, nothing is left", async () => {
  const home = await makeExport();
  const whole = await imported(home, { owner: "Remy" });
  const same = await imported(home, { owner: "Remy", forget: "Juniper" });
  assert.deepEqual(same.messages, whole.messages);
  const none = await imported(home, { owner: "Remy", forget: "June, Ada" });
  assert.deepEqual(none.messages, []);
  assert.equal(none.report.forgotten.contacts, 2);
});
