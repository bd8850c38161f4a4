import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { message } from "../../test/message.js";
import { loadLibsql } from "../engines/sqlite/libsql.js";
import type { Message } from "../import/message.js";
import { createRandom } from "../random.js";
import type { Run } from "../progress.js";
import { openMessageIndex } from "./message-index.js";
import { type Search, searchMessages } from "./search-messages.js";

const root = await mkdtemp(join(tmpdir(), "index-"));
after(() => rm(root, { recursive: true }));
const open = await loadLibsql();
let folders = 0;

/** A project of which only the messages are there. */
class Chats {
  readonly folder = join(root, `project-${(folders += 1)}`);
  readonly paths = { messages: `${this.folder}.messages.jsonl`, index: `${this.folder}.sqlite` };
  builds = 0;

  async write(messages: readonly Message[]): Promise<this> {
    await writeFile(this.paths.messages, messages.map((one) => `${JSON.stringify(one)}\n`).join(""));
    return this;
  }

  async search(search: Partial<Search>, run: Run = {}) {
    const lock = async () => {
      this.builds += 1;
      return async () => {};
    };
    const database = await openMessageIndex(this.paths, open, lock, run);
    try {
      return searchMessages(database, { words: [], contact: "", limit: 1_000_000, ...search });
    } finally {
      database.close();
    }
  }

  async texts(...words: string[]): Promise<string[]> {
    return (await this.search({ words })).newest.map(({ text }) => text);
  }
}

const SAID = [
  "到了没",
  "快了 等我",
  "See you at 5%",
  'she said "no"',
  "Crème brûlée",
  "Да, хорошо",
  "🎉 a_b",
];
const said = SAID.map((text, at) => message({ id: String(at), text, time: 100 + at, contact: "June" }));

test("parts of words are found: Chinese of any length, capital or small, marks as they are", async () => {
  const chats = await new Chats().write(said);
  assert.deepEqual(await chats.texts("到了没"), ["到了没"]);
  assert.deepEqual(await chats.texts("了"), ["快了 等我", "到了没"]);
  assert.deepEqual(await chats.texts("等我", "快"), ["快了 等我"]);
  assert.deepEqual(await chats.texts("SEE YOU"), ["See you at 5%"]);
  assert.deepEqual(await chats.texts("5%"), ["See you at 5%"]);
  assert.deepEqual(await chats.texts("%"), ["See you at 5%"]);
  assert.deepEqual(await chats.texts("_"), ["🎉 a_b"]);
  assert.deepEqual(await chats.texts('"no"'), ['she said "no"']);
  assert.deepEqual(await chats.texts('"n'), ['she said "no"']);
  assert.deepEqual(await chats.texts("да"), ["Да, хорошо"]);
  assert.deepEqual(await chats.texts("ХОРОШО"), ["Да, хорошо"]);
  assert.deepEqual(await chats.texts("🎉"), ["🎉 a_b"]);
  assert.deepEqual(await chats.texts("brûlée".normalize("NFD")), ["Crème brûlée"]);
  assert.deepEqual(await chats.texts("no OR yes"), []);
  assert.deepEqual(await chats.texts("text:no"), []);
});

test("the newest come first and those without a time last; contacts are found by a part of their name", async () => {
  const chats = await new Chats().write([
    message({ id: "a", text: "hello", time: null, contact: "June" }),
    message({ id: "b", text: "hello", time: 5, contact: "Ömer" }),
    message({ id: "c", text: "hello", time: 7, contact: "June" }),
    message({ id: "d", text: "hello", time: 7, contact: "June", owner: true, sender: "Remy", kind: "image" }),
  ]);
  const all = await chats.search({ words: ["hello"] });
  assert.deepEqual(
    all.newest.map(({ id }) => id),
    ["d", "c", "b", "a"],
  );
  assert.deepEqual(all.newest[0], {
    id: "d",
    time: 7,
    contact: "June",
    sender: "Remy",
    owner: true,
    kind: "image",
    text: "hello",
  });
  const two = await chats.search({ words: ["hello"], limit: 2 });
  assert.deepEqual([two.matches, two.messages, two.newest.length], [4, 4, 2]);
  assert.equal((await chats.search({ words: ["hello"], contact: "öm" })).matches, 1);
  await assert.rejects(
    chats.search({ words: ["hello"], contact: "Ann" }),
    /^MalformedInput: find --contact: no contact's name holds "Ann" \(2 contacts/,
  );
  await assert.rejects(chats.search({ words: [" ", ""] }), /find words: nothing to look for/);
});

test("it is built once, and again when messages change or it is damaged", async () => {
  const chats = await new Chats().write(said);
  await chats.texts("了");
  await chats.texts("了");
  assert.equal(chats.builds, 1);
  await chats.write([message({ id: "x", text: "了不起" })]);
  assert.deepEqual(await chats.texts("了"), ["了不起"]);
  assert.equal(chats.builds, 2);
  await writeFile(chats.paths.index, "no database");
  assert.deepEqual(await chats.texts("了"), ["了不起"]);
  await writeFile(chats.paths.index, "");
  assert.deepEqual(await chats.texts("了"), ["了不起"]);
  assert.equal(chats.builds, 4);
});

test("only the user may read it", { skip: process.platform === "win32" }, async () => {
  const chats = await new Chats().write(said);
  await chats.texts("了");
  assert.equal((await stat(chats.paths.index)).mode & 0o777, 0o600);
});

test("a build that is stopped leaves nothing behind, and what was there stays", async () => {
  const chats = await new Chats().write(said);
  await chats.texts("了");
  await chats.write(Array.from({ length: 5000 }, (_, at) => message({ id: String(at), text: "again" })));
  const stop = new AbortController();
  const reason = new Error("stopped");
  const run = { signal: stop.signal, onProgress: () => stop.abort(reason) };
  const before = await stat(chats.paths.index);
  await assert.rejects(chats.search({ words: ["again"] }, run), reason);
  assert.equal((await stat(chats.paths.index)).size, before.size);
  assert.deepEqual(
    (await readdir(root)).filter((name) => name.includes("partial")),
    [],
  );
});

test("among 100,000 messages it finds the very ones that hold the words", async () => {
  const random = createRandom(7);
  const syllables = [
    "到",
    "了",
    "没",
    "快",
    "等我",
    "ok",
    "See",
    "you",
    "хор",
    "🎉",
    "é",
    "5%",
    "_",
    " ",
    "ab",
  ];
  const pick = () => syllables[Math.floor(random() * syllables.length)]!;
  const messages = Array.from({ length: 100_000 }, (_, at) =>
    message({
      id: at.toString(16).padStart(16, "0"),
      text: Array.from({ length: 1 + Math.floor(random() * 8) }, pick).join(""),
      time: Math.floor(random() * 1e6),
      contact: `contact ${at % 7}`,
    }),
  );
  const chats = await new Chats().write(messages);
  for (const words of [
    ["到了没"],
    ["了没"],
    ["没"],
    ["see"],
    ["ХОР"],
    ["5%_"],
    ["ok", "快"],
    ["youok", "é", "🎉"],
  ]) {
    for (const contact of ["", "contact 3"]) {
      const expected = messages
        .filter((one) => contact === "" || one.contact === contact)
        .filter(({ text }) => words.every((word) => text.toLowerCase().includes(word.toLowerCase())))
        // Ids grow along the file.
        .sort((a, b) => b.time! - a.time! || (a.id < b.id ? 1 : -1));
      const found = await chats.search({ words, contact });
      assert.deepEqual(
        found.newest.map(({ id }) => id),
        expected.map(({ id }) => id),
      );
      assert.equal(found.matches, expected.length);
    }
  }
  assert.equal(chats.builds, 1);
});
