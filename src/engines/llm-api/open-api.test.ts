import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type Reaction, startLoopbackLlm } from "../../../test/loopback-llm.js";
import { KouwenError } from "../../errors.js";
import { resolveEndpoint } from "./endpoints.js";
import { openApi } from "./open-api.js";

const request = { system: "be brief", user: "hi", temperature: 0.7, maxTokens: 50, seed: 1 };
const NOTHING = { llm: "custom", llmUrl: "", llmModel: "", llmKey: "" };

/** An API whose server does these things one after the other, the last of them for ever. */
async function api(...reactions: Reaction[]) {
  const server = await startLoopbackLlm((_, count) => reactions[Math.min(count, reactions.length) - 1]!);
  after(() => server.close());
  return { server, llm: openApi({ url: server.url, model: "m", key: "k-1" }, "augment") };
}

test("a question and its answer, with what they took", async () => {
  const { server, llm } = await api({ text: "[]" });
  assert.deepEqual(await llm.answer(request), { text: "[]", whole: true, promptTokens: 10, answerTokens: 2 });
  assert.equal(llm.host, null, "loopback is this machine");
  const [seen] = server.seen;
  assert.equal(seen!.path, "/v1/chat/completions");
  assert.equal(seen!.authorization, "Bearer k-1");
  assert.equal(seen!.body.max_tokens, 50);
  assert.equal(llm.sentBytes, Buffer.byteLength(JSON.stringify(seen!.body)));
});

test("an answer that was cut or filtered is not whole", async () => {
  for (const finish of ["length", "content_filter"] as const) {
    const { llm } = await api({ text: "[", finish });
    assert.deepEqual(await llm.answer(request), {
      text: "[",
      whole: false,
      promptTokens: 10,
      answerTokens: 1,
    });
  }
});

test("a busy, failing or cut-off server is asked again", async () => {
  const wait = { retryAfterMs: 1 };
  const { server, llm } = await api(
    { status: 429, ...wait },
    { status: 500, ...wait },
    { status: 503, ...wait },
    { text: "ok" },
  );
  assert.deepEqual(await llm.answer(request), { text: "ok", whole: true, promptTokens: 10, answerTokens: 2 });
  assert.equal(server.seen.length, 4);
});

test("a server that stays busy fails the request after seven tries", async () => {
  const { server, llm } = await api({ status: 503, retryAfterMs: 1 });
  assert.deepEqual(await llm.answer(request), { failed: "overloaded" });
  assert.equal(server.seen.length, 7);
});

test("a wrong key, an empty account or a missing model stop everything, without repeating what the server says", async () => {
  const cases: [Reaction, RegExp][] = [
    [{ status: 401 }, /^augment 127\.0\.0\.1:\d+: the key is not accepted \(HTTP 401\)\. Check .*\.$/],
    [{ status: 402 }, /the balance is used up \(HTTP 402\)/],
    [{ status: 400, code: "Arrearage" }, /the balance is used up \(HTTP 400\)/],
    [{ status: 403 }, /may not use this model \(HTTP 403\)/],
    [{ status: 404 }, /there is no model "m"/],
  ];
  for (const [reaction, message] of cases) {
    const { server, llm } = await api(reaction);
    await assert.rejects(llm.answer(request), (error) => {
      assert.ok(error instanceof KouwenError);
      assert.match(error.message, message);
      assert.ok(!error.message.includes("k-1"));
      return true;
    });
    assert.equal(server.seen.length, 1);
  }
});

test("an answer that is no chat completion fails the request", async () => {
  for (const raw of ["", "{", "[]", "null", '{"choices":[]}', '{"choices":[{"message":{"content":null}}]}']) {
    const { llm } = await api({ raw });
    assert.deepEqual(await llm.answer(request), { failed: "unreadable" }, raw);
  }
  const { llm } = await api({ status: 400 });
  assert.deepEqual(await llm.answer(request), { failed: "refused" });
});

test("a server that says nothing is given up when the signal says so", async () => {
  const { llm } = await api("silence");
  const stop = new AbortController();
  const answer = llm.answer(request, stop.signal);
  stop.abort(new Error("stopped"));
  await assert.rejects(answer, /stopped/);
});

test("an endpoint is a preset by name, with its own variable for the key", () => {
  const found = resolveEndpoint({ ...NOTHING, llm: "dashscope" }, { DASHSCOPE_API_KEY: "k" }, "augment");
  assert.equal(found.model, "qwen2.5-32b-instruct");
  assert.match(found.url, /^https:\/\/dashscope\.aliyuncs\.com\/compatible-mode\/v1$/);
  assert.equal(found.key, "k");
  const refused: [Partial<typeof NOTHING>, RegExp][] = [
    [{ llm: "dashscope" }, /variable DASHSCOPE_API_KEY is not set/],
    [{ llm: "nowhere" }, /none of dashscope, openai/],
    [{ llm: "custom" }, /needs an address/],
    [{ llm: "custom", llmUrl: "file:///x", llmModel: "m" }, /no http or https address/],
    [{ llm: "vllm" }, /needs a model's name/],
  ];
  for (const [choice, message] of refused)
    assert.throws(() => resolveEndpoint({ ...NOTHING, ...choice }, {}, "augment"), message);
});
