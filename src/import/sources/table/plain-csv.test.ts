import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../test/read-source.js";
import { plainCsv } from "./plain-csv.js";

const example = exampleExport("plain-csv", "chats.csv");
const columns = {
  time: "date",
  sender: "From",
  text: "Body",
  owner: "Mine",
  conversation: "Chat",
  id: "Message ID",
  reply: "In reply to",
};

test("any table will do, less surely than for a format that is known; lists and texts are none", async () => {
  assert.equal(await sniffFile(plainCsv, example), 0.15);
  assert.equal(await sniffFile(plainCsv, { path: "a.txt", content: "a\tb\tc\n1\t2\t3\n" }), 0.05);
  for (const content of ['[{"a":1,"b":2,"c":3}]', "Well, we met, and so on\nand left.\n", ""])
    assert.equal(await sniffFile(plainCsv, { path: "a.txt", content }), 0);
});

test("columns are found by name, whatever their order and case", async () => {
  const { messages, problems } = await readSource(plainCsv, example, { columns });
  assert.deepEqual(
    messages.map(({ conversation, sender, owner, time, kind, text }) => [
      conversation.name,
      sender,
      owner,
      time,
      kind,
      text,
    ]),
    [
      ["Mira", "Mira Lund", false, 1714550400, "text", "lunch?"],
      ["Mira", "Ze", true, 1714550460, "text", "on my way\nsave me a seat"],
      ["Ski trip", "Jonas", false, 1714550520, "image", "[图片]"],
      ["Ski trip", "Mira Lund", false, 1714550580, "text", "nice"],
      ["Ski trip", "Ze", true, 1714550640, "text", "yes"],
    ],
  );
  assert.deepEqual(problems, ["row 8: has a time in no known form"]);
  assert.deepEqual(
    messages.map(({ platformId, replyTo }) => [platformId, replyTo]),
    [
      ["m1", undefined],
      ["m2", "m1"],
      [undefined, undefined],
      ["m5", undefined],
      ["m6", undefined],
    ],
  );
  assert.deepEqual(
    messages.map(({ conversation }) => conversation.group),
    [false, false, false, false, true],
  );
});

test("without a header columns are numbers, and the first row is a message", async () => {
  const content = "1714550400000,Mira,hi\n1714550460,Ze,hello\n";
  const { messages } = await readSource(
    plainCsv,
    { path: "a.csv", content },
    { columns: { time: "1", sender: "2", text: "3" }, named: { name: "Mira", accountId: null } },
  );
  assert.deepEqual(
    messages.map(({ time, sender, owner, text }) => [time, sender, owner, text]),
    [
      [1714550400, "Mira", null, "hi"],
      [1714550460, "Ze", null, "hello"],
    ],
  );
});

test("tabs and semicolons separate too", async () => {
  for (const separator of ["\t", ";"]) {
    const content = ["Time", "Name", "Text\n2024-05-01 16:00", "Mira", "hi, you\n"].join(separator);
    const { messages } = await readSource(
      plainCsv,
      { path: "a.tsv", content },
      { columns: { time: "Time", sender: "Name", text: "Text" } },
    );
    assert.deepEqual(
      messages.map(({ time, text }) => [time, text]),
      [[1714550400, "hi, you"]],
    );
  }
});

test("a later date tells day from month; where none does, it is said what was taken", async () => {
  assert.deepEqual(await datesOf("01/05/2024 16:00", "31/05/2024 16:00"), [["2024-05-01", "2024-05-31"], []]);
  assert.deepEqual(await datesOf("05/01/2024 16:00", "05/31/2024 16:00"), [["2024-05-01", "2024-05-31"], []]);
  assert.deepEqual(await datesOf("05/01/2024 16:00"), [
    ["2024-05-01"],
    ["no date tells day from month; month-first was taken"],
  ]);
});

test("columns that are missing, unknown or not there are an error that says what to do", async () => {
  for (const [mapping, message] of [
    [null, /no column is named for text, or for sender or owner\. Name them as --columns/],
    [{ text: "Body" }, /no column is named for text, or for sender or owner/],
    [{ text: "Body", sender: "From", date: "Date" }, /"date" is nothing a column can hold/],
    [{ text: "Words", sender: "From" }, /there is no column "Words" among 7/],
    [{ text: "9", sender: "1" }, /there is no column "9" among 7/],
  ] as const) {
    await assert.rejects(readSource(plainCsv, example, { columns: mapping }), message);
  }
});

/** The days of a table's rows as they are read, and what is noted. */
async function datesOf(...dates: string[]): Promise<[string[], string[]]> {
  const content = `when,who,what\n${dates.map((date) => `${date},Mira,hi\n`).join("")}`;
  const mapping = { time: "when", sender: "who", text: "what" };
  const { messages, notes } = await readSource(plainCsv, { path: "a.csv", content }, { columns: mapping });
  return [messages.map(({ time }) => new Date((time! + 8 * 3600) * 1000).toISOString().slice(0, 10)), notes];
}
