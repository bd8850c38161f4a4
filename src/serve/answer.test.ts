import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { byteTokens, speakingModel, tinyCodec } from "../../test/speaking-model.js";
import { LimitExceeded } from "../errors.js";
import type { ServingModel } from "../engines/ports.js";
import { answer } from "./answer.js";
import type { Lease } from "./model-pool.js";
import type { AnswerEnd, AnswerOptions, AnswerPart, Question } from "./question.js";
import type { ServedModel } from "./served-model.js";

const sampling = { temperature: 0, topP: 1, repeatPenalty: 1, maxTokens: Infinity, seed: 1 };
const asked: Question = { messages: [{ role: "user", content: "hi" }] };

function leaseOf(reply: string, contextTokens = 2048, onToken?: (count: number) => void) {
  const model = speakingModel([reply], onToken);
  const served = { messages: [], system: null, tuned: true } as unknown as ServedModel;
  const lease: Lease = {
    served,
    model: model as unknown as ServingModel,
    codec: tinyCodec,
    contextTokens,
    loadMs: 0,
    release: () => {},
  };
  return { lease, calls: model.asked };
}

/** All parts of an answer, and its end. */
async function whole(lease: Lease, question: Question, options: Partial<AnswerOptions> = {}) {
  const parts: AnswerPart[] = [];
  const drawn = answer(lease, question, { sampling, stop: [], ...options });
  for (;;) {
    const next = await drawn.next();
    if (next.done) return { parts, end: next.value satisfies AnswerEnd };
    parts.push(next.value);
  }
}

function textOf(parts: readonly AnswerPart[], thinking: boolean): string {
  return parts
    .filter((part) => part.thinking === thinking)
    .map(({ text }) => text)
    .join("");
}

const pieces = ["好", "🌹", "a", " ", "\n", "<think>", "</think>", "</th", "STOP", "ST", "OP"];
const text = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((words) => words.join(""));

describe("answer", () => {
  it("gives out what the model says up to the first stop, without tags and white space at its ends", async () => {
    await fc.assert(
      fc.asyncProperty(text, async (reply) => {
        const { lease } = leaseOf(reply);
        const { parts, end } = await whole(lease, asked, { stop: ["STOP"] });
        const said = reply.split("STOP")[0]!;
        const thought = /<think>([^]*?)(<\/think>|$)/g;
        const bare = said.replaceAll(thought, "").replaceAll("</think>", "");
        // A second opening tag within a thought opens nothing.
        const thoughts = [...said.matchAll(thought)].map(([, inner]) => inner!.replaceAll("<think>", ""));
        assert.equal(textOf(parts, false), bare.trim());
        assert.equal(textOf(parts, true), thoughts.join("").trim());
        assert.ok(parts.every((part) => !part.text.includes("\uFFFD")));
        assert.equal(end.reason, "stop");
        const drawn = byteTokens(reply);
        const ends = reply.indexOf("STOP");
        const most = ends < 0 ? drawn.length : Buffer.byteLength(reply.slice(0, ends + 4));
        assert.equal(end.answerTokens, most);
        assert.deepEqual(end.context.slice(end.promptTokens), drawn.slice(0, most));
      }),
    );
  });

  it("continues a text as it is, tags, white space and all", async () => {
    await fc.assert(
      fc.asyncProperty(text, async (reply) => {
        const { lease } = leaseOf(reply);
        const { parts } = await whole(lease, { text: "Once" });
        assert.equal(textOf(parts, false), reply);
      }),
    );
  });

  it("keeps the white space between a begun answer and what follows", async () => {
    const { lease, calls } = leaseOf(" there ");
    const messages = [...asked.messages, { role: "assistant" as const, content: "over" }];
    assert.equal(textOf((await whole(lease, { messages })).parts, false), " there");
    assert.ok(calls[0]!.prompt.endsWith("<|im_start|>assistant\nover"));
  });

  it("leaves out the oldest turns of a conversation that is too long, and keeps a quarter for the answer", async () => {
    const { lease, calls } = leaseOf("ok", 256);
    const messages = Array.from({ length: 41 }, (_, at) => ({
      role: at % 2 === 0 ? ("user" as const) : ("assistant" as const),
      content: `message ${at}`,
    }));
    const { end } = await whole(lease, { messages });
    assert.ok(end.promptTokens <= 192, `${end.promptTokens} tokens`);
    assert.ok(calls[0]!.prompt.includes("message 40") && !calls[0]!.prompt.includes("message 0\n"));
    assert.equal(calls[0]!.sampling.maxTokens, 256 - end.promptTokens);
    const long = { messages: [{ role: "user" as const, content: "word ".repeat(300) }] };
    await assert.rejects(whole(lease, long), LimitExceeded);
  });

  it("stops the model when nobody listens any more", async () => {
    const { lease, calls } = leaseOf("one two three four");
    for await (const part of answer(lease, asked, { sampling, stop: [] })) {
      if (part.text.includes("e")) break;
    }
    assert.equal(calls[0]!.ended, "aborted");
  });
});
