import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { memotraceV2Csv } from "../src/import/sources/wechat/memotrace/memotrace-v2-csv.js";
import { packageRoot } from "../src/project/paths.js";
import { readSource, sniffFile } from "../test/read-source.js";
import { parseScript, readPersona } from "./read.js";
import { writeMemoTraceCsv } from "./write-memotrace-csv.js";

const root = await mkdtemp(join(tmpdir(), "memotrace-csv-"));
after(() => rm(root, { recursive: true }));

for (const name of ["remy", "aze", "wren"]) {
  test(`${name}: the tables import to the bubbles that they were written from`, async () => {
    const persona = await readPersona(join(packageRoot, "personas", name));
    await writeMemoTraceCsv(persona, join(root, name));
    for (const { name: contact } of persona.contacts) {
      const path = `${contact}/${contact}_utf8.csv`;
      const file = { path, content: await readFile(join(root, name, path)) };
      assert.ok((await sniffFile(memotraceV2Csv, file)) > 0.9);
      const named = { name: contact, accountId: null };
      const { messages, problems, notes } = await readSource(memotraceV2Csv, file, { named });
      assert.deepEqual([problems, notes], [[], []]);
      assert.deepEqual(
        messages.map(({ time, owner, text }) => ({ time, owner, text })),
        persona.sessions.filter((s) => s.contact === contact).flatMap((s) => s.bubbles),
      );
      for (const { kind, owner, sender, conversation } of messages) {
        assert.equal(kind, "text");
        assert.equal(sender, owner ? persona.name : contact);
        assert.equal(conversation.name, contact);
        assert.equal(conversation.group, false);
      }
    }
  });
}

test("quotation marks, commas and a name that no folder can bear; the same bytes each time", async () => {
  const sessions = parseScript('== 2025-03-04 19:22 | Hal/Work\n< "well", he said\n> =1+1, ok\n', "script");
  const contacts = [{ name: "Hal/Work", system: "" }];
  const persona = { name: "Remy", language: "en" as const, contacts, habits: [], planted: [], sessions };
  const read = async () => readFile(join(root, "odd", "Hal_Work", "Hal_Work_utf8.csv"), "utf8");
  await writeMemoTraceCsv(persona, join(root, "odd"));
  const first = await read();
  assert.match(first, /^\uFEFFlocalId,TalkerId,Type,.*Sender\r\n1,1,1,0,0,1741116120,0,"""well"", he said",/);
  assert.match(first, /,2,"=1\+1, ok",2025-03-04 19:22:\d\d,,Remy,wxid_[0-9a-f]{12}\r\n$/);
  await writeMemoTraceCsv(persona, join(root, "odd"));
  assert.equal(await read(), first);
});
