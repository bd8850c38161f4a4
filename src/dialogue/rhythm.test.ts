import assert from "node:assert/strict";
import { test } from "node:test";
import { message } from "../../test/message.js";
import { make, timed, transcripts } from "../../test/transcripts.js";
import { localTimeIn } from "../import/local-time.js";
import type { Message } from "../import/message.js";
import { createRandom, normal, type Random } from "../random.js";
import { learnRhythm } from "./rhythm.js";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LEARN = { gapMinutes: 0, burstMinutes: 0 };

/** A gap whose logarithm is normal about that of `seconds`. */
function around(random: Random, seconds: number, spread = 0.7): number {
  return Math.max(1, Math.round(seconds * Math.exp(spread * normal(random))));
}

/** A chat of sittings: in each some messages that come `within` apart, and then `between` until the next. */
function chatOf(
  { within, between, sittings = 200 }: { within: number; between: number; sittings?: number },
  parts: Partial<Message> = {},
): Message[] {
  const random = createRandom(`chat ${within} ${between}`);
  const messages: Message[] = [];
  let time = 1_700_000_000;
  for (let sitting = 0; sitting < sittings; sitting += 1) {
    time += around(random, between);
    for (let at = 0; at < 8; at += 1) {
      time += around(random, within);
      messages.push(message({ time, owner: at % 4 > 1, ...parts }));
    }
  }
  return messages;
}

/** The same with times as many exports tell them. */
const whole = (messages: Message[]) =>
  messages.map((one) => ({ ...one, time: one.time! - (one.time! % MINUTE) }));

const learn = (messages: Message[], settings = LEARN) =>
  learnRhythm({ contact: "June", timed: true, messages }, settings);

test("the limit lies between the gaps within a sitting and those between", () => {
  const { session } = learn(chatOf({ within: 20, between: 8 * HOUR }));
  assert.equal(session.found, "learnt");
  // A factor of two and a half standard deviations from the one, and from the other.
  assert.ok(session.seconds > 20 * Math.exp(0.7 * 2.5) && session.seconds < 8 * HOUR * Math.exp(-0.7 * 2.5));
  const slow = learn(chatOf({ within: 4 * MINUTE, between: 20 * HOUR })).session;
  assert.ok(slow.seconds > session.seconds, "who takes longer to answer is given more time");
});

test("what is learnt stays between 5 and 60 minutes", () => {
  assert.deepEqual(learn(chatOf({ within: 2, between: 5 * MINUTE })).session, {
    seconds: 5 * MINUTE,
    found: "clamped",
  });
  assert.deepEqual(learn(chatOf({ within: 20 * MINUTE, between: 30 * DAY })).session, {
    seconds: HOUR,
    found: "clamped",
  });
});

test("too few gaps, or gaps of one kind only, leave 10 minutes and 2", () => {
  const few = learn(chatOf({ within: 20, between: 8 * HOUR, sittings: 12 }));
  assert.deepEqual(few.session, { seconds: 10 * MINUTE, found: "too-few" });
  assert.deepEqual(few.burst, { seconds: 2 * MINUTE, found: "too-few" });
  const even = learn(chatOf({ within: 30, between: 30 }));
  assert.deepEqual(even.session, { seconds: 10 * MINUTE, found: "no-valley" });
  assert.deepEqual(learn([]).session.found, "too-few");
  assert.deepEqual(
    learn(chatOf({ within: 20, between: 8 * HOUR }).map((one) => ({ ...one, time: 0 }))).session,
    {
      seconds: 10 * MINUTE,
      found: "no-valley",
    },
  );
});

test("the owner's own bubbles set the burst window", () => {
  const random = createRandom("bursts");
  let time = 1_700_000_000;
  const messages = Array.from({ length: 600 }, (_, at) => {
    // The owner sends pairs of bubbles seconds apart; every third time another thought minutes later.
    time += at % 6 === 5 ? around(random, 5 * MINUTE, 0.2) : around(random, 4, 0.4);
    return message({ time, owner: at % 6 > 2 });
  });
  const { burst } = learn(messages);
  assert.equal(burst.found, "learnt");
  assert.ok(burst.seconds > 10 && burst.seconds < 4 * MINUTE, `${burst.seconds} s`);
});

test("settings win over what could be learnt", () => {
  const { session, burst } = learn(chatOf({ within: 20, between: 8 * HOUR }), {
    gapMinutes: 30,
    burstMinutes: 3,
  });
  assert.deepEqual(session, { seconds: 30 * MINUTE, found: "given" });
  assert.deepEqual(burst, { seconds: 3 * MINUTE, found: "given" });
});

test("times told in whole minutes give about the same limit, and their rounding is no rhythm", () => {
  const chat = chatOf({ within: 40, between: 8 * HOUR });
  const [exact, rounded] = [learn(chat).session, learn(whole(chat)).session];
  assert.equal(rounded.found, "learnt");
  const factor = rounded.seconds / exact.seconds;
  assert.ok(factor > 0.5 && factor < 2, `${rounded.seconds} s for ${exact.seconds} s`);
  assert.equal(learn(whole(chatOf({ within: 30, between: 30 }))).session.found, "no-valley");
});

test("each contact has a rhythm of its own, and the report shows both", async () => {
  const quick = chatOf({ within: 20, between: 8 * HOUR });
  const slow = chatOf({ within: MINUTE, between: 10 * HOUR }, { contact: "Hal", sender: "Hal" });
  const { rhythms } = await make([...quick, ...slow]);
  assert.deepEqual(
    rhythms.map(({ contact, session }) => [contact, session.found]),
    [
      ["June", "learnt"],
      ["Hal", "learnt"],
    ],
  );
  assert.ok(rhythms[1]!.session.seconds > rhythms[0]!.session.seconds);
  assert.equal(Math.round(rhythms[0]!.gaps.reduce((sum, count) => sum + count, 0)), quick.length - 1);
});

test("the same clock time on another day never joins, even where a day has 23 or 25 hours", async () => {
  const local = localTimeIn("Europe/Berlin");
  const at = (month: number, day: number, hour: number, minute: number) =>
    local({ year: 2025, month, day, hour, minute })!;
  for (const [month, day] of [
    [3, 29],
    [3, 30],
    [10, 25],
    [10, 26],
  ] as const) {
    const messages = timed(
      [at(month, day, 12, 0), "< today"],
      [at(month, day, 12, 0) + 4, "> yes"],
      [at(month, day + 1, 12, 0) + 8, "< tomorrow"],
      [at(month, day + 1, 12, 0) + 12, "> no"],
    );
    assert.deepEqual(await transcripts(messages), [
      ["< today", "> yes"],
      ["< tomorrow", "> no"],
    ]);
  }
  const overnight = timed([at(3, 30, 1, 59), "< still up?"], [at(3, 30, 3, 1), "> yes"]);
  assert.deepEqual(
    await transcripts(overnight),
    [["< still up?", "> yes"]],
    "the clock jumped, they waited 2 minutes",
  );
});

test("messages of one minute stay in the order of the export, newest first or last", async () => {
  const messages = timed(
    [0, "< one"],
    [0, "< two"],
    [0, "> three"],
    [60, "< four"],
    [60, "> five"],
    [120, "> six"],
  );
  const expected = [["< one\ntwo", "> three", "< four", "> five\nsix"]];
  assert.deepEqual(await transcripts(messages), expected);
  assert.deepEqual(await transcripts(messages.toReversed()), expected);
});
