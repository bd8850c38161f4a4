import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../test/read-source.js";
import { kakaotalkCsv } from "./kakaotalk-csv.js";

const example = exampleExport("kakaotalk-csv", "KakaoTalk_Chat_민수_2024-05-02-10-00-00.csv");

test("is sure of its files, and of no others", async () => {
  assert.ok((await sniffFile(kakaotalkCsv, example)) >= 0.9);
  for (const content of ["Date,User,Text\n", "AuthorID,Author,Date,Content\n", "Date,User,Message,Extra\n"])
    assert.equal(await sniffFile(kakaotalkCsv, { path: "a.csv", content }), 0);
});

test("every row is a message; rows without a user are notices at the time of the row before", async () => {
  const { messages, problems } = await readSource(kakaotalkCsv, example);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    messages.map(({ time, sender, kind, text }) => [time, sender, kind, text]),
    [
      [1714550400, "민수", "text", "밥 먹었어?"],
      [1714550465, "제이", "text", '응\n"그래", 너는?'],
      [1714550520, "민수", "image", "[图片]"],
      [1714550520, "", "system", "[系统消息] 지우님이 들어왔습니다."],
      [1714550580, "", "system", "[系统消息] 지우님이 나갔습니다."],
    ],
  );
  assert.deepEqual(messages[0]!.conversation, { id: null, name: "민수", group: false });
});

test("a row without a time that can be read is a problem, and the rest is kept", async () => {
  const content = "Date,User,Message\nyesterday,민수,a\n2024-05-01 16:00:00,민수,b\n";
  const { messages, problems } = await readSource(kakaotalkCsv, { path: "a.csv", content });
  assert.deepEqual(
    messages.map(({ text }) => text),
    ["b"],
  );
  assert.deepEqual(problems, ["row 2: has no time that can be read"]);
});
