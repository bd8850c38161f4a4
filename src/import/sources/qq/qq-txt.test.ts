import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../test/read-source.js";
import { said } from "../../../../test/said.js";
import { qqTxt } from "./qq-txt.js";

const example = exampleExport("qq-txt", "全部消息记录.txt");
const { messages, problems } = await readSource(qqTxt, example);

test("the format is known with its title or without", async () => {
  assert.ok((await sniffFile(qqTxt, example)) >= 0.9);
  const bare = "消息对象:小满\n================================\n\n2019-07-16 18:15:05 小满\n到了没\n";
  assert.ok((await sniffFile(qqTxt, { path: "a.txt", content: bare })) >= 0.6);
  assert.equal(await sniffFile(qqTxt, { path: "a.txt", content: "2019-07-16 18:15:05 小满\n到了没\n" }), 0);
});

test("each section is a chat of its own; the contact's name tells whose the other side is", () => {
  assert.deepEqual(said(messages), [
    "-- 小满 text: 到了没",
    `?? 阿泽 text: 快了\n\n${"=".repeat(40)}\n等我\n消息对象:不是我`,
    "?? 泽泽泽 image: [图片] 换了个名字",
    "--  recalled: [撤回]",
    "--  system: [系统消息] 小北加入了本群。",
    "?? 小北 sticker: [动画表情] @阿泽 周六去吗",
    "?? 阿泽 text: 去",
    "?? 87654321 text: +1",
  ]);
  assert.deepEqual(
    messages.map(({ conversation: { name, group } }) => `${name} ${group}`),
    [...Array<string>(4).fill("小满 false"), ...Array<string>(4).fill("周末爬山群 true")],
  );
  assert.deepEqual(problems, ["line 25: there is no such time"]);
});

test("an hour of one digit, and the account behind a name", () => {
  assert.equal(messages[1]!.time, Date.UTC(2019, 6, 16, 0, 15, 40) / 1000);
  assert.deepEqual(
    messages.slice(5).map(({ senderId }) => senderId),
    ["12345678", "aze@example.com", "87654321"],
  );
});

test("clocks of twelve hours", async () => {
  const content = [
    "消息对象:小满",
    "2019-07-16 下午 1:15:05 小满\n嗯",
    "2019-07-16 上午 12:15:05 小满\n嗯",
    "2019-07-16 12:15:05 PM 小满\n嗯\n",
  ].join("\n");
  const read = await readSource(qqTxt, { path: "a.txt", content });
  const midnight = Date.UTC(2019, 6, 15, 16) / 1000;
  assert.deepEqual(
    read.messages.map(({ time }) => (time! - midnight - 905) / 3600),
    [13, 0, 12],
  );
});
