import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { writeTinyModel } from "../../../test/tiny-model.js";
import { answerSchema } from "../../augment/answer-schema.js";
import { parseAnswer, parseList } from "../../augment/parse-answer.js";
import { fragmentText } from "../../augment/prompt.js";
import { scoreSchema } from "../../augment/score-prompt.js";
import { templateFor } from "../../formats/template/chat-template.js";
import { loadTokenizer } from "../../formats/tokenizer/tokenizer.js";
import { gguf } from "../../gguf/gguf.js";
import type { Llm, LlmAnswer, LlmRequest, ServingHost } from "../ports.js";
import { createHost } from "./host.js";
import { openLocalLlm } from "./local-llm.js";

const FRAGMENTS: { role: "user" | "assistant"; text: string }[][] = [
  [
    { role: "user", text: "where are you?" },
    { role: "assistant", text: 'nearly there\n"5 min" \\o/ \t{}[]' },
  ],
  [
    { role: "user", text: "在吗 [玫瑰]" },
    { role: "assistant", text: "在👨‍👩‍👧，怎么了" },
  ],
];

describe("a language model in this process, tiny llama", () => {
  let folder: string;
  let host: ServingHost;
  let llm: Llm;
  const said: string[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "local-llm-"));
    const model = join(folder, "model");
    await writeTinyModel(model, { architecture: "llama", tied: true, seed: "local" });
    const template = templateFor(await loadTokenizer(model, "test"), "test");
    await gguf({ model, gguf: join(folder, "tiny.gguf") }, { name: "tiny", template });
    host = await createHost();
    llm = await openLocalLlm(host, join(folder, "tiny.gguf"), "augment", { say: (line) => said.push(line) });
  });
  after(async () => {
    await host.close();
    await rm(folder, { recursive: true });
  });

  const ask = (more: Partial<LlmRequest>) =>
    llm.answer({ system: "s", user: "u", temperature: 1, maxTokens: 8, seed: 1, ...more });

  it("warns once that the model is small, and sends nothing", () => {
    assert.equal(said.length, 1);
    assert.match(said[0]!, /^augment tiny\.gguf: 1\.\d million parameters\. .*under 3 billion/);
    assert.deepEqual([llm.host, llm.model, llm.sentBytes], [null, "tiny", 0]);
  });

  for (const mode of ["continue", "rewrite"] as const) {
    it(`answers what parses and takes turns, whatever the seed: ${mode}`, async () => {
      for (const fragment of FRAGMENTS) {
        const schema = answerSchema(fragment, mode, 12);
        const answers = await Promise.all(
          Array.from({ length: 6 }, (_, seed) =>
            ask({ user: fragmentText(fragment), seed, schema, temperature: 1.5 }),
          ),
        );
        for (const answer of answers as LlmAnswer[]) {
          assert.equal(answer.whole, true);
          const turns = parseAnswer(answer.text);
          assert.ok(typeof turns !== "string", `${String(turns)}: ${answer.text}`);
          const roles = turns.map(({ role }) => role);
          assert.deepEqual(roles, Array.from({ length: 4 }, () => ["user", "assistant"]).flat());
          if (mode === "continue") assert.deepEqual(turns.slice(2, 4), fragment);
          assert.ok(answer.promptTokens > 0 && answer.answerTokens > 8);
        }
        assert.ok(new Set(answers.map((answer) => (answer as LlmAnswer).text)).size > 1, "seeds matter");
      }
    });
  }

  it("gives each dialogue that it is to judge a score", async () => {
    const { text } = (await ask({ schema: scoreSchema(3) })) as LlmAnswer;
    const scores = parseList(text) as { id: number; score: number }[];
    assert.deepEqual(
      scores.map(({ id }) => id),
      [1, 2, 3],
    );
    assert.ok(scores.every(({ score }) => [1, 2, 3, 4, 5].includes(score)));
  });

  it("cuts what no schema bounds, refuses what does not fit, and can be stopped", async () => {
    const cut = (await ask({ temperature: 0 })) as LlmAnswer;
    assert.ok(cut.answerTokens <= 8);
    assert.deepEqual(await ask({ user: "x".repeat(20_000) }), { failed: "refused" });
    await assert.rejects(
      llm.answer(
        { system: "s", user: "u", temperature: 1, maxTokens: 8, seed: 1 },
        AbortSignal.abort(new Error("enough")),
      ),
      /enough/,
    );
  });
});
