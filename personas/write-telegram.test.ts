import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { telegramJson } from "../src/import/sources/telegram/telegram-json.js";
import { packageRoot } from "../src/project/paths.js";
import { readSource, sniffFile } from "../test/read-source.js";
import { readPersona } from "./read.js";
import { writeTelegram } from "./write-telegram.js";

const root = await mkdtemp(join(tmpdir(), "telegram-"));
after(() => rm(root, { recursive: true }));

for (const name of ["remy", "aze", "wren"]) {
  test(`${name}: a full export imports to the bubbles that it was written from`, async () => {
    const persona = await readPersona(join(packageRoot, "personas", name));
    await writeTelegram(persona, join(root, name));
    const file = { path: "result.json", content: await readFile(join(root, name, "result.json")) };
    assert.ok((await sniffFile(telegramJson, file)) > 0.9);
    const { messages, problems } = await readSource(telegramJson, file);
    assert.deepEqual(problems, []);
    for (const { name: contact } of persona.contacts) {
      const read = messages.filter(({ conversation }) => conversation.name === contact);
      const bubbles = persona.sessions.filter((s) => s.contact === contact).flatMap((s) => s.bubbles);
      assert.deepEqual(
        read.map(({ time, owner, text }) => ({ time, owner, text })),
        bubbles,
      );
      assert.ok(
        read.every(
          ({ kind, owner, sender }) => kind === "text" && sender === (owner ? persona.name : contact),
        ),
      );
    }
    const ids = messages.map(({ platformId }) => platformId);
    assert.equal(new Set(ids).size, persona.sessions.flatMap((session) => session.bubbles).length);
  });
}

test("a second writing gives the same bytes", async () => {
  const persona = await readPersona(join(packageRoot, "personas", "remy"));
  const [first, second] = [join(root, "first"), join(root, "second")];
  await writeTelegram(persona, first);
  await writeTelegram(persona, second);
  assert.ok((await readFile(join(first, "result.json"))).equals(await readFile(join(second, "result.json"))));
});
