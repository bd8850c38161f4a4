import assert from "node:assert/strict";
import { test } from "node:test";
import { message } from "../../test/message.js";
import { reasons, timed, transcripts } from "../../test/transcripts.js";
import { type MediaKind, placeholder, PLACEHOLDERS } from "../import/kinds.js";
import type { Message } from "../import/message.js";

/** A question, then something of either side, then an answer. */
function between(parts: Partial<Message>): Message[] {
  return timed(
    [0, "< first?"],
    [5, "> first!"],
    [60, "< second?"],
    [70, `${parts.owner ? ">" : "<"} x`, parts],
    [80, "> second!"],
  );
}

test("what is no text cuts: a question never meets an answer across it", async () => {
  const kinds = (Object.keys(PLACEHOLDERS) as MediaKind[]).filter((kind) => kind !== "system");
  for (const kind of kinds) {
    for (const owner of [false, true]) {
      const messages = between({ kind, owner, text: placeholder(kind, "what was in it") });
      assert.deepEqual(await transcripts(messages), [["< first?", "> first!"]], kind);
      assert.deepEqual(
        (await reasons(messages)).sort(),
        ["leading-assistant 1", kind === "recalled" ? "recalled 1" : "not-text 1", "trailing-user 1"].sort(),
        kind,
      );
    }
  }
});

test("a notice of the program is passed over", async () => {
  const messages = between({
    kind: "system",
    sender: "",
    text: placeholder("system", "June changed the theme"),
  });
  assert.deepEqual(await transcripts(messages), [["< first?", "> first!", "< second?", "> second!"]]);
  assert.deepEqual(await reasons(messages), ["notice 1"]);
});

test("a bracketed emoji is text", async () => {
  assert.deepEqual(await transcripts(timed([0, "< [旺柴]"], [5, "> [捂脸]"])), [["< [旺柴]", "> [捂脸]"]]);
});

test("others' words passed on are never learnt, and cut", async () => {
  for (const owner of [false, true]) {
    const messages = between({ owner, forwarded: true, text: "once upon a time" });
    assert.deepEqual(await transcripts(messages), [["< first?", "> first!"]]);
    assert.ok((await reasons(messages)).includes("forwarded 1"));
  }
});

test("a program's words cut", async () => {
  assert.ok((await reasons(between({ bot: true, text: "your parcel is here" }))).includes("bot 1"));
});

test("groups are left out unless asked for", async () => {
  const messages = timed([0, "< hey", { group: true, toOwner: true }], [5, "> yes", { group: true }]);
  assert.deepEqual(await transcripts([...messages, message({ time: 0 })]), []);
  assert.deepEqual(await reasons(messages), ["group 1", "group 1"]);
});

/** Messages of a group: seconds, who, text, and what else; `me` is the owner. */
function group(...lines: [number, string, string, Partial<Message>?][]): Message[] {
  return lines.map(([time, sender, text, parts]) =>
    message({ contact: "hikers", group: true, time, sender, owner: sender === "me", text, ...parts }),
  );
}

const addressed = { groups: "addressed" } as const;

test("of a group, what is said to the owner and what the owner answers is kept, with names", async () => {
  const messages = group(
    [0, "Ann", "anyone seen my hat"],
    [10, "Bo", "@me are you coming", { toOwner: true }],
    [20, "Cy", "not me"],
    [30, "me", "yes"],
    [32, "me", "at nine"],
    [40, "Ann", "rain again"],
    [50, "me", "what a summer"],
    [60, "Bo", "@me bring rope", { toOwner: true }],
    [70, "me", "will do"],
  );
  assert.deepEqual(await transcripts(messages, addressed), [
    ["< Bo: @me are you coming", "> yes\nat nine"],
    ["< Bo: @me bring rope", "> will do"],
  ]);
  assert.deepEqual(
    await reasons(messages, addressed),
    Array.from({ length: 4 }, () => "not-addressed 1"),
  );
});

test("in a group a link says what the owner answers", async () => {
  const messages = group(
    [0, "Ann", "anyone seen my hat", { id: "hat" }],
    [10, "Cy", "no"],
    [20, "me", "on the bench", { replyTo: "hat" }],
    [25, "me", "the green one"],
    [30, "Cy", "ha"],
    [40, "me", "ha indeed"],
  );
  assert.deepEqual(await transcripts(messages, addressed), [
    ["< Ann: anyone seen my hat", "> on the bench\nthe green one"],
  ]);
});
