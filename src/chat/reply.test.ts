import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { speakingModel, tinyCodec } from "../../test/speaking-model.js";
import { encodePrompt } from "../formats/template/encode.js";
import { bubbles } from "./bubbles.js";
import { fitPrompt, type History } from "../formats/template/fit-prompt.js";
import { replyTo } from "./reply.js";
import { chatSettings } from "./settings.js";

const settings = { ...chatSettings.parse({}), seed: 1 };
const question: History = { system: null, turns: [{ role: "user", text: "hi" }] };

async function collect(stream: AsyncIterable<string>): Promise<string[]> {
  const texts: string[] = [];
  for await (const text of stream) texts.push(text);
  return texts;
}

const spoken = fc
  .array(
    fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("好的", "🙂", " ", "\n", "\r\n", "\u3000")),
  )
  .map((parts) => parts.join(""));

it("gives the trimmed text of a reply in whole characters, whatever the tokens split", async () => {
  await fc.assert(
    fc.asyncProperty(spoken, async (text) => {
      const pieces = await collect(replyTo(speakingModel([text]), tinyCodec, question, settings));
      assert.equal(pieces.join(""), text.trim());
      assert.ok(pieces.every((piece) => piece !== "" && !/\p{Cs}/u.test(piece)));
    }),
    { numRuns: 60 },
  );
});

it("shows bytes that are no character as such", async () => {
  const model = speakingModel([]);
  const ids = tinyCodec.tokenizer.encode("好").slice(0, 1);
  model.generate = (_prompt, _stopIds, _sampling, run) => {
    for (const id of ids) run?.onToken?.(id);
    return Promise.resolve({ ids, ended: "length" });
  };
  assert.deepEqual(await collect(replyTo(model, tinyCodec, question, settings)), ["\ufffd"]);
});

it("gives each piece as soon as it is known", async () => {
  let given = 0;
  const model = speakingModel(["one\ntwo"], (count) => (given = count));
  const givenAt: number[] = [];
  for await (const _bubble of bubbles(replyTo(model, tinyCodec, question, settings))) givenAt.push(given);
  assert.equal(givenAt.length, 2);
  assert.ok(givenAt[0]! < 7, "the second line was not said yet");
});

it("stops the model when the reader leaves", async () => {
  const model = speakingModel(["a long story"]);
  for await (const piece of replyTo(model, tinyCodec, question, settings)) {
    assert.equal(piece, "a");
    break;
  }
  assert.equal(model.asked[0]!.ended, "aborted");
});

it("throws the reason of an abort and the error of the model", async () => {
  const stopping = new AbortController();
  const reason = new Error("enough");
  const model = speakingModel(["a long story"], (count) => count === 3 && stopping.abort(reason));
  const stopped = collect(replyTo(model, tinyCodec, question, settings, { signal: stopping.signal }));
  await assert.rejects(stopped, (error) => error === reason);
  const failure = new Error("no memory");
  const failing = { ...speakingModel([]), generate: () => Promise.reject(failure) };
  await assert.rejects(
    collect(replyTo(failing, tinyCodec, question, settings)),
    (error) => error === failure,
  );
});

it("splits a reply into its lines, wherever the stream was split", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(spoken), async (pieces) => {
      const expected = pieces
        .join("")
        .split("\n")
        .map((line) => line.trim());
      async function* stream() {
        yield* pieces;
      }
      assert.deepEqual(
        await collect(bubbles(stream())),
        expected.filter((line) => line !== ""),
      );
    }),
  );
});

const turns = fc
  .array(fc.tuple(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 })), { minLength: 1, maxLength: 9 })
  .map((pairs) =>
    pairs
      .flatMap(([user, assistant]) => [
        { role: "user" as const, text: user },
        { role: "assistant" as const, text: assistant },
      ])
      .slice(0, -1),
  );

it("leaves out the oldest turns, and no more of them than it must", () => {
  fc.assert(
    fc.property(
      turns,
      fc.nat(150),
      fc.option(fc.string({ maxLength: 8 }), { nil: null }),
      (turns, extra, system) => {
        const from = (start: number) =>
          encodePrompt(tinyCodec.tokenizer, tinyCodec.template, {
            system,
            turns: turns.slice(start).map((turn) => ({ ...turn, weight: 0 })),
          });
        const limit = from(turns.length - 1).length + extra;
        const starts = turns.flatMap(({ role }, index) => (role === "user" ? [index] : []));
        const longest = starts.map(from).find((prompt) => prompt.length <= limit);
        assert.deepEqual(fitPrompt(tinyCodec, { system, turns }, limit, "chat"), longest);
      },
    ),
  );
});

it("refuses a message that does not fit alone, without quoting it", () => {
  const long: History = { system: "be brief", turns: [{ role: "user", text: "secret ".repeat(50) }] };
  assert.throws(
    () => fitPrompt(tinyCodec, long, 100, "chat"),
    (error: Error) => {
      assert.match(
        error.message,
        /^chat message: \d+ tokens with the system text \(at most 100\)\. Send a .* --context-tokens \(num_ctx /,
      );
      assert.ok(!error.message.includes("secret"));
      return true;
    },
  );
});
