import assert from "node:assert/strict";
import { test } from "node:test";
import { message } from "../../../test/message.js";
import type { Message } from "../../import/message.js";
import type { Policy } from "./policy.js";
import { protect } from "./protect.js";
import { StandIns } from "./stand-ins.js";

function safe(messages: Message[], policy: Policy, standIns: StandIns = StandIns.begin()) {
  return protect(messages, { policy, standIns });
}

test("stand-in: the same original becomes the same everywhere, in its own spelling, and in later runs", async () => {
  const standIns = StandIns.begin();
  const chats = [
    message({ text: "电话13812345678" }),
    message({ text: "138 1234 5678 对吧", owner: true }),
    message({ text: "１３８１２３４５６７８" }),
  ];
  const { messages, ledger, report } = await safe(chats, "stand-in", standIns);
  const [first, second, third] = messages.map(({ text }) => text);
  const digits = /\d{11}/.exec(first!)![0];
  assert.notEqual(digits, "13812345678");
  assert.equal(second, `${digits.slice(0, 3)} ${digits.slice(3, 7)} ${digits.slice(7)} 对吧`);
  assert.equal(third!.normalize("NFKC"), digits);
  assert.deepEqual(
    ledger.map(({ reason, messageIds, changed }) => [reason, messageIds, changed]),
    chats.map(({ id }) => ["private-mobile", [id], true]),
  );
  assert.deepEqual(report, {
    policy: "stand-in",
    messages: 3,
    kinds: [{ kind: "mobile", found: 3, different: 1, messages: 3 }],
  });
  const later = await safe(
    [message({ text: "新的13912345678" }), message({ text: "13812345678" })],
    "stand-in",
    standIns,
  );
  assert.equal(later.messages[1]!.text, digits);
});

test("mask: a placeholder in the language of the message", async () => {
  const { messages } = await safe(
    [message({ text: "电话13812345678" }), message({ text: "mail nora@corp.example pls" })],
    "mask",
  );
  assert.deepEqual(
    messages.map(({ text }) => text),
    ["电话[电话]", "mail [email] pls"],
  );
});

test("drop: the message is named, nothing else is changed; off: nothing is", async () => {
  const chats = [message({ text: "ok" }), message({ text: "nora@corp.example" })];
  const { messages, dropped, ledger } = await safe(chats, "drop");
  assert.deepEqual([...dropped], [chats[1]!.id]);
  assert.deepEqual(ledger, []);
  assert.equal(messages[0]!.text, "ok");
  const off = await safe(chats, "off");
  assert.deepEqual(off.messages, chats);
  assert.equal(off.dropped.size, 0);
});

test("names of contacts, senders and the owner go, words that are names too stay", async () => {
  const chats = [
    message({ contact: "小满", sender: "小满", text: "阿泽，June的票买了没" }),
    message({ contact: "小满", sender: "阿泽", owner: true, text: "小满你先睡" }),
    message({ contact: "Nadia", sender: "Nadia", text: "nadia's here, NADIA" }),
    message({ contact: "June", sender: "June", text: "see u in june" }),
  ];
  const { messages } = await safe(chats, "stand-in");
  const all = messages.map(({ text, sender }) => `${sender}: ${text}`).join("\n");
  assert.doesNotMatch(all, /小满|阿泽|nadia/i);
  assert.match(all, /阿.，June的票买了没/u);
  assert.equal(messages[3]!.text, "see u in june");
  assert.equal(messages[3]!.sender, "June");
  assert.equal(messages[0]!.contact, "小满", "the project's own label stays");
  const [here, loud] = /^(\w+)'s here, (\w+)$/.exec(messages[2]!.text)!.slice(1);
  assert.equal(here, here!.toLowerCase());
  assert.equal(loud, here.toUpperCase());
});

test("a system prompt is never left out, and texts made later get the same names", async () => {
  const prompt = message({
    kind: "system-prompt",
    sender: "",
    text: "你是阿泽，和小满聊天。",
    contact: "小满",
  });
  const chats = [prompt, message({ sender: "阿泽", owner: true, contact: "小满", text: "在" })];
  const { messages, protectText } = await safe(chats, "stand-in");
  assert.doesNotMatch(messages[0]!.text, /阿泽|小满/);
  assert.equal(protectText("你是阿泽，和小满聊天。"), messages[0]!.text);
  assert.equal(protectText(messages[0]!.text), messages[0]!.text, "a stand-in is no original");
  const dropped = await safe(chats, "drop");
  assert.ok(!dropped.dropped.has(prompt.id));
  assert.equal(dropped.messages[0]!.text, "你是[姓名]，和[姓名]聊天。");
});

test("what was told to be a secret once is one wherever it comes again", async () => {
  const chats = [
    message({ text: "whats the wifi password" }),
    message({ text: "yeah its gearbox-lentil-88", owner: true }),
    ...Array.from({ length: 20 }, () => message()),
    message({ text: "gearbox-lentil-88. lovely" }),
    message({ text: "gearbox-lentil-88", contact: "Hal" }),
  ];
  const { messages } = await safe(chats, "stand-in");
  assert.doesNotMatch(messages.map(({ text }) => text).join("\n"), /gearbox/);
});

test("a question in one chat does not make a secret of an answer in another", async () => {
  const chats = [message({ text: "门锁密码多少" }), message({ text: "190623", contact: "Hal" })];
  const { messages } = await safe(chats, "stand-in");
  assert.equal(messages[1]!.text, "190623");
});

test("style stays: prices, times, lucky numbers, service numbers, versions and orders", async () => {
  const texts = [
    "520",
    "666",
    "1314",
    "10086",
    "95588",
    "13:30",
    "¥128.50",
    "v1.2.3",
    "订单号202405121234",
    "2024年5月12日",
    "24号见",
    "110",
    "233333",
  ];
  const { messages, report } = await safe(
    texts.map((text) => message({ text })),
    "stand-in",
  );
  assert.deepEqual(
    messages.map(({ text }) => text),
    texts,
  );
  assert.deepEqual(report.kinds, []);
});

test("stops when told to", async () => {
  const run = { signal: AbortSignal.abort(new Error("stopped")) };
  await assert.rejects(
    protect([message()], { policy: "stand-in", standIns: StandIns.begin() }, run),
    /stopped/,
  );
});
