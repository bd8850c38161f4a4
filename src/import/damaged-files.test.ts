import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { dialogue, folder, imported, spoken, withSystem } from "../../test/chat-exports.js";

const CHINESE = [withSystem("你是阿泽，后面的对话来自你的朋友。", "周六去爬山不\n我借到车了", "去啊😄")];

test("UTF-8, UTF-16 and GB18030 give the same messages, with and without a byte order mark", async () => {
  const text = JSON.stringify(CHINESE, null, 4);
  const little = Buffer.from(text, "utf16le");
  const chinese = gb18030(text);
  const stored: Record<string, Uint8Array> = {
    plain: Buffer.from(text),
    marked: Buffer.from(`\uFEFF${text}`),
    little,
    "little-marked": Buffer.concat([Buffer.from([0xff, 0xfe]), little]),
    big: Buffer.from(little).swap16(),
    "big-marked": Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(little).swap16()]),
    gb: chinese,
    "gb-marked": Buffer.concat([Buffer.from([0x84, 0x31, 0x95, 0x33]), chinese]),
  };
  const ids = new Set<string>();
  for (const [name, bytes] of Object.entries(stored)) {
    const { messages, report } = await imported(await folder({ "小满/train.json": bytes }));
    assert.deepEqual(
      messages.map((message) => message.text),
      CHINESE[0]!.conversations.map(({ content }) => content),
      name,
    );
    assert.equal(report.files[0]!.notes.length, name === "plain" || name === "marked" ? 0 : 1);
    ids.add(messages.map(({ id }) => id).join());
  }
  assert.equal(ids.size, 1);
});

/** The text in GB18030, by turning the decoder's two- and four-byte tables round. */
function gb18030(text: string): Buffer {
  const decoder = new TextDecoder("gb18030");
  const wanted = new Set([...text].filter((character) => character > "\x7f"));
  const table = new Map<string, number[]>();
  for (let first = 0x81; first <= 0xfe; first += 1) {
    for (let second = 0x40; second <= 0xfe; second += 1) {
      const character = decoder.decode(Uint8Array.of(first, second));
      if (wanted.has(character) && !table.has(character)) table.set(character, [first, second]);
    }
  }
  for (const character of wanted) {
    if (table.has(character)) continue;
    const linear = character.codePointAt(0)! - 0x10000;
    table.set(character, [
      0x90 + Math.floor(linear / 12_600),
      0x30 + (Math.floor(linear / 1260) % 10),
      0x81 + (Math.floor(linear / 10) % 126),
      0x30 + (linear % 10),
    ]);
  }
  return Buffer.from([...text].flatMap((character) => table.get(character) ?? [character.charCodeAt(0)]));
}

test("one broken byte costs the dialogue it is in, not the encoding of the file", async () => {
  const dialogues = Array.from({ length: 30 }, (_, at) => dialogue(`第${at}个问题`, "好的好的"));
  const bytes = Buffer.from(JSON.stringify(dialogues));
  bytes[bytes.indexOf(Buffer.from("第7个")) + 1] = 0xff;
  const { report, messages } = await imported(await folder({ "June/train.json": bytes }));
  assert.equal(messages.length, 58);
  assert.deepEqual(report.problems, [
    {
      file: "chats/June/train.json",
      place: "dialogue 8",
      what: "holds characters that could not be decoded",
    },
  ]);
});

test("broken files are reported with their place, and the rest is imported", async () => {
  const whole = JSON.stringify([dialogue("a", "b"), dialogue("c", "d"), dialogue("e", "f")]);
  const { report, messages } = await imported(
    await folder({
      "Cut_train.json": Buffer.from(whole.slice(0, -9)),
      "Garbage_train.json": Buffer.from("<html>no</html>"),
      "Object_train.json": { conversations: [] },
      "Odd.json": [
        dialogue("g", "h"),
        { conversations: [{ role: "narrator", content: "x" }] },
        { conversations: "none" },
        { conversations: [] },
        { conversations: [{ role: "user", content: null }] },
        17,
        { title: "x" },
        { instruction: "a", output: "b", history: [["c"]] },
      ],
      "photo.jpg": Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]),
      "Nothing/train.json": [],
      "notes.json": { june: "birthday" },
      "zero_train.json": Buffer.from(""),
    }),
  );
  assert.deepEqual(spoken(messages), ["Cut < a", "Cut < c", "Cut > b", "Cut > d", "Odd < g", "Odd > h"]);
  const places = report.problems.map(({ file, place, what }) => `${file} | ${place} | ${what}`);
  assert.deepEqual(places, [
    "chats/Cut_train.json | dialogue 3, character 171 of 247 | not JSON; nothing from there on was read",
    "chats/Garbage_train.json | character 0 | not a JSON list",
    "chats/Object_train.json | character 0 | one object, not a list of dialogues",
    "chats/Odd.json | dialogue 2 | turn 1 has an unknown role (known: system, user, human, assistant, gpt, model, bot)",
    "chats/Odd.json | dialogue 3 | its turns are not a list",
    "chats/Odd.json | dialogue 4 | has no turns",
    "chats/Odd.json | dialogue 5 | turn 1 has no text",
    "chats/Odd.json | dialogue 6 | not an object",
    "chats/Odd.json | dialogue 7 | has neither conversations nor messages nor instruction and output",
    "chats/Odd.json | dialogue 8 | its history is not pairs of texts",
    "chats/zero_train.json | character 0 | empty",
  ]);
  assert.deepEqual(report.skipped, [
    { file: "chats", why: "1 media file (1 jpg)", harmless: true },
    { file: "chats/notes.json", why: "no known chat format" },
  ]);
});

test("damaged bytes never crash an import and lose no dialogue silently", async () => {
  const sound = Buffer.from(
    JSON.stringify([dialogue("早上好", "好"), dialogue('a\n"b"', "c\\"), dialogue("d", "e")]),
  );
  const damage = fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(damage, fc.nat(sound.length), async (changes, length) => {
      const bytes = Buffer.from(sound.subarray(0, length));
      for (const [at, value] of changes) if (at < length) bytes[at] = value;
      const home = await folder({ "June_train.json": bytes, "Hal_train.json": [dialogue("x", "y")] });
      const { report } = await imported(home);
      const june = report.files.find(({ contact }) => contact === "June");
      if (june)
        assert.ok(june.dialogues + june.problems + june.duplicates.dialogues >= (bytes.length > 2 ? 1 : 0));
      else assert.equal(report.skipped.length, 1);
    }),
    { numRuns: 150 },
  );
});
