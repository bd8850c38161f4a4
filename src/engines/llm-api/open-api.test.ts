import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type Reaction, startLoopbackLlm } from "../../../test/loopback-llm.js";
import { KouwenError } from "../../errors.js";
import { cutBatches } from "./cut-batches.js";
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

test("a server that does not stream, or refuses to, is taken at its word, whole", async () => {
  const answer = { text: "[]", whole: true, promptTokens: 10, answerTokens: 2 };
  const deaf = await api({ text: "[]", streams: false });
  assert.deepEqual(await deaf.llm.answer(request), answer);
  const { server, llm } = await api({ status: 400 }, { text: "[]" });
  assert.deepEqual(await llm.answer(request), answer);
  assert.deepEqual(await llm.answer(request), answer);
  assert.deepEqual(
    server.seen.map(({ body }) => body.stream === true),
    [true, false, false],
  );
});

test("tokens that a server does not tell are guessed, so that a budget holds", async () => {
  for (const streams of [{}, { streams: false }] as const) {
    const { llm } = await api({ text: "你好你好你好你好你好", usage: false, ...streams });
    assert.deepEqual(await llm.answer(request), {
      text: "你好你好你好你好你好",
      whole: true,
      promptTokens: 3,
      answerTokens: 7,
    });
  }
});

test("an answer that is cut off on its way is asked for again, one that stalls too", async () => {
  for (const broken of ["cut", "end", "stall", "silence"] as const) {
    const { server } = await api(broken, { text: "ok" });
    const impatient = { silenceMs: broken === "cut" || broken === "end" ? 60_000 : 400 };
    const llm = openApi({ url: server.url, model: "m", key: "" }, "augment", impatient);
    const answer = await llm.answer(request);
    assert.deepEqual(answer, { text: "ok", whole: true, promptTokens: 10, answerTokens: 2 }, broken);
    assert.ok(server.seen.length > 1, broken);
  }
});

const told = (code: string): Reaction => ({
  raw: `data: {"error":{"message":"no","code":"${code}"}}\n\n`,
});

test("an error in the middle of a stream is that request's, or the end of all", async () => {
  const { llm } = await api(told("internal"), { text: "ok" });
  assert.equal("failed" in (await llm.answer(request)), false);
  const broke = await api(told("Arrearage"));
  await assert.rejects(broke.llm.answer(request), /the balance is used up \(told in the answer\)/);
});

test("an answer that never ends is not read to its end", async () => {
  const { llm } = await api({ raw: " ".repeat(9_000_000) });
  assert.deepEqual(await llm.answer(request), { failed: "unreadable" });
});

test("one server's wish to be left alone is heeded by all who ask it", async () => {
  let calm = false;
  const early: number[] = [];
  const server = await startLoopbackLlm((_, count) => {
    if (!calm) early.push(count);
    return count === 1 ? { status: 429, retryAfterMs: 30 } : { text: "ok" };
  });
  after(() => server.close());
  const llm = openApi({ url: server.url, model: "m", key: "" }, "augment");
  const first = llm.answer(request).then(() => (calm = true));
  while (server.seen.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  await first;
  await llm.answer(request);
  assert.deepEqual(early, [1, 2]);
});

test("a batch is handed in once, found by its name, looked after and read by ids", async () => {
  const server = await startLoopbackLlm(
    ({ body }) => (body.messages[1]!.content === "2" ? { status: 500 } : { text: body.messages[1]!.content }),
    { looks: 2 },
  );
  after(() => server.close());
  const { batches } = openApi({ url: server.url, model: "m", key: "k" }, "augment", { pollMs: 1 });
  const requests = new Map(["1", "2", "3"].map((id) => [`id-${id}`, { ...request, user: id }]));
  const id = await batches!.create(requests, "name");
  assert.equal(await batches!.find("name"), id);
  assert.equal(await batches!.find("another"), undefined);
  const seen: number[] = [];
  const answers = (await batches!.collect(id, (done) => seen.push(done)))!;
  assert.deepEqual(seen, [0, 0, 3]);
  assert.deepEqual(answers.get("id-3"), { text: "3", whole: true, promptTokens: 9, answerTokens: 1 });
  assert.deepEqual(answers.get("id-2"), { failed: "unreadable" });
  assert.equal(answers.size, 3);
  const [first] = server.batches;
  assert.match(first!.requests, /^\{"custom_id":"id-1","method":"POST","url":"\/v1\/chat\/completions"/);
});

test("a server without batches is told so in one line, and an expired or failed batch has what it has", async () => {
  const { llm } = await api({ text: "" });
  await assert.rejects(
    llm.batches!.create(new Map(), "name"),
    /takes no batches \(HTTP 404\)\. Run without --batch\.$/,
  );
  await assert.rejects(llm.batches!.find("name"), /takes no batches/);
  for (const [status, count] of [["expired", 1] as const, ["failed", 0] as const]) {
    const server = await startLoopbackLlm(() => ({ text: "x" }), { looks: 0, status });
    after(() => server.close());
    const { batches } = openApi({ url: server.url, model: "m", key: "k" }, "augment");
    const id = await batches!.create(new Map([["a", request]]), "name");
    assert.equal((await batches!.collect(id, () => {}))!.size, count);
    assert.equal(await batches!.collect("gone", () => {}), undefined);
  }
});

test("requests are cut into batches by number and by bytes, none left out, in their order", () => {
  const requests = new Map([3, 4, 9, 1, 1, 1, 20, 2].map((size, index) => [`id-${index}`, size]));
  const parts = cutBatches(requests, (_, size) => size, { requests: 3, bytes: 10 });
  assert.deepEqual(
    parts.map((part) => [...part.values()]),
    [[3, 4], [9, 1], [1, 1], [20], [2]],
  );
  assert.deepEqual(new Map(parts.flatMap((part) => [...part])), requests);
  const many = new Map(Array.from({ length: 100_001 }, (_, index) => [String(index), 1]));
  assert.deepEqual(
    cutBatches(many, () => 3000).map(({ size }) => size),
    [50_000, 50_000, 1],
  );
  assert.deepEqual(
    cutBatches(many, () => 4750).map(({ size }) => size),
    [40_000, 40_000, 20_001],
  );
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
    [{ status: 403 }, /may not use this model, or its account is not in order \(HTTP 403\)/],
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

test("a quota that stays used up is an empty account, one that is free again is not", async () => {
  const full = { status: 429, code: "insufficient_quota", retryAfterMs: 1 };
  const { llm } = await api(full, { text: "ok" });
  assert.equal("failed" in (await llm.answer(request)), false);
  const empty = await api(full);
  await assert.rejects(empty.llm.answer(request), /the balance is used up \(HTTP 429\)/);
});

test("an answer that is no chat completion fails the request", async () => {
  for (const raw of ["", "{", "[]", "null", '{"choices":[]}', '{"choices":[{"message":{"content":null}}]}']) {
    const { llm } = await api({ raw, type: "application/json" });
    assert.deepEqual(await llm.answer(request), { failed: "unreadable" }, raw);
  }
  const bad = [
    "data: {\n\n",
    "data: []\n\ndata: [DONE]\n\n",
    "data: null\n\n",
    'data: {"choices":{}}\n\n',
    "\u0000",
  ];
  for (const raw of bad) {
    const { llm } = await api({ raw, type: "text/event-stream" });
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
