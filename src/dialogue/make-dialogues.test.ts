import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { message } from "../../test/message.js";
import { make, reasons, session, timed, transcripts } from "../../test/transcripts.js";
import type { Message } from "../import/message.js";
import { orderChats } from "./order-chats.js";
import { REASONS } from "./reasons.js";
import type { DialogueSettings } from "./settings.js";

const HOUR = 3600;
const DAY = 24 * HOUR;

test("a dialogue as the exporter cut it: alternating, prompt kept, weight on own turns only", async () => {
  const { dialogues } = await make(
    session("s1", "* You are Remy.", "< hi", "< there", "> yo", "> sup", "< bye", "> bye"),
  );
  const [dialogue] = dialogues;
  assert.match(dialogue!.id, /^[0-9a-f]{16}$/);
  assert.deepEqual(
    { ...dialogue, id: "" },
    {
      id: "",
      contact: "June",
      time: null,
      split: "train",
      system: "You are Remy.",
      turns: [
        { role: "user", text: "hi\nthere", origin: "real", weight: 0 },
        { role: "assistant", text: "yo\nsup", origin: "real", weight: 1 },
        { role: "user", text: "bye", origin: "real", weight: 0 },
        { role: "assistant", text: "bye", origin: "real", weight: 1 },
      ],
    },
  );
});

test("what opens or ends a dialogue without its other half goes to the ledger", async () => {
  const messages = session("s1", "> morning", "> all", "< hi", "> yo", "< and", "< then");
  assert.deepEqual(await transcripts(messages), [["< hi", "> yo"]]);
  assert.deepEqual(await reasons(messages), ["leading-assistant 2", "trailing-user 2"]);
  assert.deepEqual(await reasons(session("s2", "* p", "< hi")), [
    "trailing-user 1",
    "system-without-dialogue 1",
  ]);
  assert.deepEqual(await reasons(session("s3", "> hi")), ["leading-assistant 1"]);
});

test("a message that is left out never joins what was around it", async () => {
  const essay = "x".repeat(501);
  const messages = session(
    "s1",
    "* p",
    "< a",
    "> b",
    "< first question",
    `< ${essay}`,
    "> answer",
    "< c",
    "> d",
  );
  const cut = [
    ["< a", "> b"],
    ["< c", "> d"],
  ];
  assert.deepEqual(await transcripts(messages), cut);
  assert.deepEqual((await reasons(messages)).sort(), [
    "leading-assistant 1",
    "too-long 1",
    "trailing-user 1",
  ]);
  assert.deepEqual(
    (await make(messages)).dialogues.map(({ system }) => system),
    ["p", "p"],
  );
  assert.equal((await transcripts(messages, { longestMessage: 0 })).length, 1);
  assert.equal((await transcripts(messages, { longestMessage: 501 })).length, 1);
  const blank = session("s2", "< a", "> b", "< question", "<  \n", "> answer", "< c", "> d");
  assert.deepEqual(await transcripts(blank), cut);
  const ownBlank = session("s3", "< question", "> ", "> late", "< c", "> d");
  assert.deepEqual(await transcripts(ownBlank), [cut[1]!]);
});

test("characters are counted, not code units", async () => {
  assert.equal((await transcripts(session("s", "< hi", `> ${"😄".repeat(500)}`))).length, 1);
  assert.equal((await transcripts(session("s", "< hi", `> ${"😄".repeat(501)}`))).length, 0);
});

test("silences cut a chat that has times, and days count in full", async () => {
  const messages = timed(
    [0, "< hi"],
    [60, "> yo"],
    [60 + 30 * 60, "< still there"],
    [60 + 30 * 60 + 5, "> yes"],
    [60 + 60 * 60 + 6, "< new topic"],
    [60 + 60 * 60 + 9, "> ok"],
    // A day and four seconds later: whoever looks at the seconds of the clock only joins these.
    [DAY + 60 + 60 * 60 + 13, "< next day"],
    [DAY + 60 + 60 * 60 + 15, "> yes"],
  );
  const expected = [
    ["< hi", "> yo", "< still there", "> yes"],
    ["< new topic", "> ok"],
    ["< next day", "> yes"],
  ];
  const fixed = { gapMinutes: 30, burstMinutes: 3 };
  assert.deepEqual(await transcripts(messages, fixed), expected);
  assert.deepEqual(
    await transcripts(messages.toReversed(), fixed),
    expected,
    "whatever the order of the file",
  );
  assert.equal((await transcripts(messages, { gapMinutes: 31 })).length, 2);
  assert.equal((await transcripts(messages, { gapMinutes: 2 * 24 * 60 })).length, 1);
});

test("all that came in before a reply stays in its question, however slowly it came", async () => {
  const messages = timed([0, "< hey"], [600, "< you there"], [1500, "< call me"], [1560, "> calling"]);
  const fixed = { gapMinutes: 30 };
  assert.deepEqual(await transcripts(messages, fixed), [["< hey\nyou there\ncall me", "> calling"]]);
  assert.deepEqual((await make(messages, fixed)).ledger, []);
});

test("a late own message is no part of the reply before it", async () => {
  const messages = timed(
    [0, "< lunch?"],
    [30, "> yes"],
    [90, "> where"],
    [90 + 181, "> did you see the game"],
    [90 + 200, "< no"],
    [90 + 210, "> pity"],
  );
  const fixed = { burstMinutes: 3 };
  assert.deepEqual(await transcripts(messages, fixed), [
    ["< lunch?", "> yes\nwhere"],
    ["< no", "> pity"],
  ]);
  assert.deepEqual(await reasons(messages), ["leading-assistant 1"]);
  assert.equal((await transcripts(messages, { burstMinutes: 4 })).length, 1);
});

test("contacts and exporters' dialogues never mix", async () => {
  const messages = [
    message({ contact: "A", time: 0, text: "from a" }),
    message({ contact: "B", time: 1, text: "from b" }),
    message({ contact: "B", time: 2, owner: true, text: "to b" }),
    message({ contact: "A", time: 3, owner: true, text: "to a" }),
    message({ contact: "A", session: "s", text: "cut a" }),
    message({ contact: "B", session: "s", owner: true, text: "cut b" }),
  ];
  assert.deepEqual(await transcripts(messages), [
    ["< from a", "> to a"],
    ["< from b", "> to b"],
  ]);
});

test("messages that nothing places are named in the ledger", async () => {
  assert.deepEqual(await reasons([message(), message({ owner: true })]), ["no-time 1", "no-time 1"]);
});

/** Short chats of two contacts and a group, as exporters with or without times give them. */
const anyMessages = fc
  .array(
    fc.record({
      owner: fc.boolean(),
      contact: fc.constantFrom("A", "B", "G"),
      session: fc.constantFrom("1", "2", "3", null),
      time: fc.option(fc.integer({ min: 0, max: 3 * DAY })),
      kind: fc.constantFrom(
        "text",
        "text",
        "text",
        "text",
        "text",
        "system-prompt",
        "image",
        "system",
        "recalled",
      ),
      flag: fc.constantFrom({}, {}, {}, { forwarded: true }, { bot: true }, { toOwner: true }),
      text: fc.constantFrom(
        "",
        "  ",
        "hi",
        "ok\nthen",
        "x".repeat(30),
        "where did you put the keys this time",
      ),
      answers: fc.option(fc.nat(59)),
    }),
    { maxLength: 60 },
  )
  .map((list) => {
    const messages = list.map(({ flag, ...parts }) =>
      message({
        owner: parts.owner,
        contact: parts.contact,
        session: parts.session,
        text: parts.text,
        // A system prompt is nobody's message, so that nobody can have passed it on.
        ...(parts.kind === "system-prompt" ? {} : (flag as Partial<Message>)),
        ...(parts.contact === "G" && { group: true }),
        time: parts.session === null ? parts.time : null,
        kind: parts.kind as Message["kind"],
      }),
    );
    return messages.map((one, at): Message => {
      const { answers } = list[at]!;
      return { ...one, replyTo: answers === null ? null : (messages[answers]?.id ?? "nowhere") };
    });
  });

const chatOf = (one: Message) => JSON.stringify([one.contact, one.session]);

const anySettings: fc.Arbitrary<Partial<DialogueSettings>> = fc.record({
  gapMinutes: fc.integer({ min: 0, max: 600 }),
  burstMinutes: fc.integer({ min: 0, max: 60 }),
  groups: fc.constantFrom("off", "addressed"),
  systemPrompt: fc.constantFrom("", "", "You are {owner}."),
  longestMessage: fc.constantFrom(0, 10, 500),
  heldOut: fc.constantFrom(0, 0.1, 0.5),
});

test("turns always alternate, begin with the contact and end with the owner", async () => {
  await fc.assert(
    fc.asyncProperty(anyMessages, anySettings, async (messages, settings) => {
      for (const { turns } of (await make(messages, settings)).dialogues) {
        assert.ok(turns.length >= 2 && turns.length % 2 === 0);
        for (const [at, { role, text, weight }] of turns.entries()) {
          assert.equal(role, at % 2 === 0 ? "user" : "assistant");
          assert.equal(weight, at % 2);
          assert.notEqual(text.trim(), "");
        }
      }
    }),
  );
});

test("what an export has answer a system prompt opens no dialogue with the prompt's words", async () => {
  const prompt = message({ session: "1", kind: "system-prompt", sender: "", text: "You are Remy." });
  const reply = message({ session: "1", owner: true, text: "ok", replyTo: prompt.id });
  const { dialogues, ledger } = await make([prompt, reply]);
  assert.deepEqual(dialogues, []);
  assert.deepEqual(ledger.map(({ reason }) => reason).sort(), [
    "leading-assistant",
    "system-without-dialogue",
  ]);
});

test("every message is in a dialogue or in the ledger, never in both, and words only come from messages", async () => {
  await fc.assert(
    fc.asyncProperty(anyMessages, anySettings, async (messages, settings) => {
      const { dialogues, messageIds, ledger } = await make(messages, settings);
      const used = new Set(messageIds.flat());
      const dropped = ledger.flatMap((entry) => entry.messageIds);
      assert.equal(new Set(dropped).size, dropped.length);
      assert.deepEqual([...used, ...dropped].sort(), messages.map(({ id }) => id).sort());
      assert.ok(ledger.every(({ reason }) => reason in REASONS));
      const byId = new Map(messages.map((one) => [one.id, one]));
      for (const [index, { turns, contact }] of dialogues.entries()) {
        const own = messageIds[index]!.map((id) => byId.get(id)!);
        const spoken = own.filter(({ kind }) => kind === "text");
        const written = spoken.map(({ group, owner, sender, text }) =>
          group && !owner ? `${sender}: ${text}` : text,
        );
        assert.equal(turns.map(({ text }) => text).join("\n"), written.join("\n"));
        assert.ok(own.every((one) => one.contact === contact && !one.forwarded && !one.bot));
        assert.ok(own.every(({ kind }) => kind === "text" || kind === "system-prompt"));
      }
      const learnt = messageIds.flat().filter((id) => byId.get(id)!.owner && byId.get(id)!.kind === "text");
      assert.equal(new Set(learnt).size, learnt.length, "no message is learnt twice");
    }),
  );
});

test("between two messages of a dialogue nobody said anything, unless the later one says what it answers", async () => {
  await fc.assert(
    fc.asyncProperty(anyMessages, anySettings, async (messages, settings) => {
      const { messageIds } = await make(messages, settings);
      const byId = new Map(messages.map((one) => [one.id, one]));
      const order = orderChats(messages).chats.flatMap((chat) => chat.messages);
      for (const ids of messageIds) {
        const spoken = ids.map((id) => byId.get(id)!).filter(({ kind }) => kind === "text");
        for (const [at, next] of spoken.entries()) {
          const before = spoken[at - 1];
          if (!before || next.replyTo === before.id) continue;
          const chat = order.filter((one) => chatOf(one) === chatOf(next));
          const skipped = chat.slice(chat.indexOf(before) + 1, chat.indexOf(next));
          assert.ok(
            skipped.every(
              ({ kind, group, owner }) => kind === "system" || kind === "system-prompt" || (group && !owner),
            ),
          );
        }
      }
    }),
    { numRuns: 300 },
  );
});

test("the same messages and settings give the same dialogues", async () => {
  await fc.assert(
    fc.asyncProperty(anyMessages, anySettings, async (messages, settings) => {
      assert.deepEqual(await make(messages, settings), await make(messages, settings));
    }),
    { numRuns: 30 },
  );
});
