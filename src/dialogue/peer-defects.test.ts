import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../random.js";
import { make, reasons, session, timed, transcripts } from "../../test/transcripts.js";

// Mistakes that were found in other programs for the same job; each would spoil what is learnt without a sound.

const DAY = 24 * 3600;

test("an own first message gets no invented question, least of all one that holds its answer", async () => {
  const messages = timed([0, "> guess what"], [5, "> I got the job"], [20, "< wow"], [30, "> right?"]);
  const { dialogues } = await make(messages);
  assert.deepEqual(
    dialogues.map(({ turns }) => turns.map(({ role, text }) => [role, text])),
    [
      [
        ["user", "wow"],
        ["assistant", "right?"],
      ],
    ],
  );
  assert.deepEqual(await reasons(messages), ["leading-assistant 2"]);
});

test("a removed message leaves a cut, so that a question never gets the next question's answer", async () => {
  const removed = [
    { text: "x".repeat(600) },
    { text: "[动画表情]", kind: "sticker" },
    { text: "[撤回]", kind: "recalled" },
    { text: "[文件] report.pdf", kind: "file" },
    { text: "[位置]", kind: "location" },
    { text: "[拍一拍]", kind: "pat" },
  ] as const;
  for (const gone of removed) {
    const messages = timed(
      [0, "< did you eat?"],
      [10, "> ", gone],
      [20, "< [图片]", { kind: "image" }],
      [30, "> so cute"],
    );
    assert.deepEqual(await transcripts(messages), []);
  }
});

test("of several incoming messages none is lost, be they seconds or minutes apart", async () => {
  const messages = timed([0, "< are you in"], [40, "< hello"], [400, "< I'm downstairs"], [420, "> coming"]);
  assert.deepEqual(await transcripts(messages), [["< are you in\nhello\nI'm downstairs", "> coming"]]);
});

test("a dialogue holds its history", async () => {
  const messages = timed([0, "< a?"], [10, "> b"], [20, "< c?"], [30, "> d"], [40, "< e?"], [50, "> f"]);
  assert.deepEqual(await transcripts(messages), [["< a?", "> b", "< c?", "> d", "< e?", "> f"]]);
});

test("days between two messages count, not only the clock", async () => {
  for (const days of [1, 2, 30, 365]) {
    const messages = timed(
      [0, "< a?"],
      [days * DAY + 3, "> b"],
      [days * DAY + 10, "< c?"],
      [days * DAY + 15, "> d"],
    );
    assert.deepEqual(await transcripts(messages), [["< c?", "> d"]]);
  }
});

test("own turns carry loss, all of them, and the other side's none", async () => {
  const { dialogues } = await make(session("s", "* be", "< a", "< b", "> c", "< d", "> e", "> f"));
  assert.deepEqual(
    dialogues[0]!.turns.map(({ role, weight }) => [role, weight]),
    [
      ["user", 0],
      ["assistant", 1],
      ["user", 0],
      ["assistant", 1],
    ],
  );
});

test("short replies, laughter and numbers stay: they are how people text", async () => {
  for (const reply of ["k", "6", "666", "ok", "哈哈哈哈", "。", "🐝"]) {
    assert.deepEqual(await transcripts(timed([0, "< so?"], [5, `> ${reply}`])), [["< so?", `> ${reply}`]]);
  }
});

test("a held-out dialogue has no copy in training, whatever the export's own shuffle", async () => {
  const random = createRandom("words");
  const word = () => Math.floor(random() * 1e9).toString(36);
  const words = Array.from({ length: 200 }, () => `${word()} ${word()} ${word()} ${word()}`);
  const once = words.slice(100).map((text, at) => session(`train ${at}`, `< ${text}?`, `> ${words[at]}`));
  const again = words
    .slice(100)
    .map((text, at) => session(`dev ${at}`, `< ${text.toUpperCase()}?`, `>  ${words[at]} `));
  const { dialogues } = await make([...once, ...again].flat());
  const plain = (one: (typeof dialogues)[number]) =>
    one.turns.map(({ text }) => text.toLowerCase().trim()).join("\n");
  const train = new Set(dialogues.filter(({ split }) => split === "train").map(plain));
  const heldOut = dialogues.filter(({ split }) => split === "heldout");
  assert.ok(heldOut.length >= 10);
  assert.ok(heldOut.every((one) => !train.has(plain(one))));
});
