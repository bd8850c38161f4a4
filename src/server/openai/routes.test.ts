import assert from "node:assert/strict";
import { after, test } from "node:test";
import { zodResponseFormat } from "openai/helpers/zod";
import OpenAI, { BadRequestError, InternalServerError, NotFoundError } from "openai";
import { z } from "zod";
import type { ServingModel } from "../../engines/ports.js";
import { Unavailable } from "../../errors.js";
import type { Catalogue } from "../../serve/catalogue.js";
import type { LeaseOptions, ModelPool } from "../../serve/model-pool.js";
import type { ServedModel } from "../../serve/served-model.js";
import { createApp } from "../app.js";
import { listen } from "../listen.js";
import { byteTokens, speakingModel, tinyCodec } from "../../../test/speaking-model.js";

const served: ServedModel = {
  name: "aze-q4:latest",
  gguf: "model.gguf",
  adapter: null,
  digest: "0123456789".repeat(6) + "abcd",
  sizeBytes: 1,
  modifiedAt: new Date(1_700_000_000_000),
  system: "You text Mia.",
  messages: [],
  parameters: { temperature: 0.6, stop: ["<never>"] },
  license: [],
  parent: "",
  tuned: true,
  ofProject: true,
};

const question = { model: "aze-q4", messages: [{ role: "user" as const, content: "\nhi" }] };

type Wishes = {
  busy?: boolean;
  onToken?: (count: number) => void;
  /** A model that fails once it has said so many tokens. */
  failsAt?: number;
};

const notAskedFor = () => Promise.reject(new Error("internal: not asked for"));

/** Fields that the client's types do not know. */
const LOCAL = { top_k: 3, min_p: 0.1, repeat_penalty: 1.2, keep_alive: 60, unknown: 1 };
const THOUGHT = { reasoning_content: "secret" };

/** A listening server whose model says these texts one after the other, and OpenAI's client for it. */
async function start(replies: readonly string[], wishes: Wishes = {}) {
  const speaking = speakingModel(replies, (count) => {
    wishes.onToken?.(count);
    if (count === wishes.failsAt) throw new Unavailable("serve: the model is gone.", { stage: "serve" });
  });
  const model: ServingModel = {
    ...speaking,
    generate: (prompt, stops, sampling, run) =>
      speaking.generate(prompt, stops, sampling, {
        ...run,
        onToken: (id) => {
          const drawn = { id, logProbability: -0.5 };
          const top = Array.from({ length: sampling.topScores ?? 0 }, () => drawn);
          run?.onToken?.(id, sampling.topScores === undefined ? undefined : { drawn, top });
        },
      }),
    embed: async () => Float32Array.of(3, 0, 4),
  };
  const leases: LeaseOptions[] = [];
  const schemas: unknown[] = [];
  let open = 0;
  let released: (() => void) | undefined;
  const pool = {
    lease: async (_served: ServedModel, options: LeaseOptions = {}) => {
      if (wishes.busy) throw new Unavailable("serve: too many requests. Try later.", { stage: "serve" });
      leases.push(options);
      open += 1;
      let given = false;
      const release = (): void => {
        if (!given) open -= 1;
        given = true;
        if (open === 0) released?.();
      };
      return { served, model, codec: tinyCodec, contextTokens: 2048, loadMs: 0, release };
    },
    jsonGrammar: async (schema?: unknown) => {
      schemas.push(schema);
      return "root ::= [^x]*";
    },
  } as Partial<ModelPool> as ModelPool;
  const catalogue = {
    list: async () => [served],
    find: async (name: string) => (served.name.startsWith(name) ? served : undefined),
  } as Partial<Catalogue> as Catalogue;
  const log: string[] = [];
  const parts = { catalogue, pool, quantizer: notAskedFor, version: "0.1.0" };
  const host = "127.0.0.1";
  const app = createApp(parts, { host, origins: [], log: (line) => log.push(line) });
  const server = await listen(app, { host, port: 0, limits: { closeMs: 10 } });
  after(() => server.close());
  const { url } = server;
  return {
    url,
    client: new OpenAI({ baseURL: `${url}/v1`, apiKey: "none", maxRetries: 0, logLevel: "off" }),
    asked: speaking.asked,
    leases,
    schemas,
    log,
    openLeases: () => open,
    /** Until every lease has been given back. */
    allReleased: () =>
      open === 0 ? Promise.resolve() : new Promise<void>((resolve) => (released = () => resolve())),
  };
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

test("a chat at once", async () => {
  const { client, asked, openLeases } = await start(["hey 你好\nwhat's up"]);
  const { id, created, ...rest } = await client.chat.completions.create({
    ...question,
    tools: [{ type: "function", function: { name: "f", parameters: {} } }],
    user: null as never,
  });
  assert.match(id, /^chatcmpl-/);
  assert.ok(created > 1_700_000_000);
  const completion = byteTokens("hey 你好\nwhat's up").length;
  const prompt = rest.usage!.prompt_tokens;
  assert.ok(prompt > 0);
  assert.deepEqual(rest, {
    model: "aze-q4",
    system_fingerprint: "fp_0123456789",
    object: "chat.completion",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: "hey 你好\nwhat's up", refusal: null },
        logprobs: null,
        finish_reason: "stop",
      },
    ],
    usage: { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion },
  });
  assert.match(asked[0]!.prompt, /You text Mia\..*user\nhi<\|im_end\|>/s);
  assert.equal(asked[0]!.sampling.temperature, 0.6, "the model's own, not 1");
  assert.equal(asked[0]!.sampling.topP, 0.9, "ours, not 1");
  assert.equal(openLeases(), 0);
});

test("a chat as a stream: the role first, thoughts apart, the end, and what it took", async () => {
  const { client, openLeases } = await start(["<think>hm</think>ok 好"]);
  const stream = await client.chat.completions.create({
    ...question,
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks = await all(stream);
  const deltas = chunks.map(({ choices }) => choices[0]?.delta as Record<string, unknown> | undefined);
  assert.deepEqual(deltas[0], { role: "assistant", content: "" });
  for (const delta of deltas) assert.ok(!(delta?.["content"] && delta["reasoning"]));
  const joined = (key: string) => deltas.map((delta) => delta?.[key] ?? "").join("");
  assert.equal(joined("content"), "ok 好");
  assert.equal(joined("reasoning"), "hm");
  assert.equal(joined("reasoning_content"), "hm");
  const [end, usage] = chunks.slice(-2);
  assert.deepEqual(end!.choices, [{ index: 0, delta: {}, logprobs: null, finish_reason: "stop" }]);
  assert.deepEqual(usage!.choices, []);
  assert.equal(usage!.usage!.completion_tokens, byteTokens("<think>hm</think>ok 好").length);
  assert.ok(chunks.slice(0, -1).every((chunk) => chunk.usage === null));
  assert.equal(new Set(chunks.map(({ id }) => id)).size, 1);
  assert.equal(openLeases(), 0);
});

test("a stream's framing", async () => {
  const { url } = await start(["a"]);
  const body = JSON.stringify({ ...question, stream: true });
  const response = await fetch(`${url}/v1/chat/completions`, { method: "POST", body });
  assert.match(response.headers.get("content-type")!, /^text\/event-stream/);
  const events = (await response.text()).split("\n\n");
  assert.equal(events.pop(), "");
  assert.equal(events.pop(), "data: [DONE]");
  for (const event of events) assert.ok("choices" in JSON.parse(event.replace(/^data: /, "")));
});

test("what a request asks for reaches the model", async () => {
  const { client, asked, leases } = await start(["one STOP two"]);
  const { choices } = await client.chat.completions.create({
    ...question,
    stop: ["STOP", "x", "y", "z", "w"],
    seed: 5,
    max_completion_tokens: 100,
    max_tokens: 3,
    temperature: 0,
    top_p: 0.5,
    presence_penalty: 1,
    frequency_penalty: -1,
    logit_bias: { "7": -100 },
    user: "mia",
    ...LOCAL,
  });
  assert.equal(choices[0]!.message.content, "one");
  assert.deepEqual(asked[0]!.sampling, {
    temperature: 0,
    topP: 0.5,
    topK: 3,
    minP: 0.1,
    repeatPenalty: 1.2,
    repeatLastN: 64,
    presencePenalty: 1,
    frequencyPenalty: -1,
    maxTokens: 100,
    seed: 5,
    logitBias: new Map([[7, -100]]),
  });
  assert.equal(leases[0]!.keepAliveMs, 60_000);
  assert.match(leases[0]!.client!, /"mia"/);
});

test("how likely the tokens were, in both shapes", async () => {
  const { client } = await start(["ab", "ab"]);
  const { choices } = await client.chat.completions.create({ ...question, logprobs: true, top_logprobs: 1 });
  const told = { token: "a", logprob: -0.5, bytes: [97] };
  assert.equal(choices[0]!.logprobs!.content!.length, 2);
  assert.deepEqual(choices[0]!.logprobs!.content![0], { ...told, top_logprobs: [told] });
  const plain = await client.completions.create({ model: "aze-q4", prompt: "x", logprobs: 1 });
  assert.deepEqual(plain.choices[0]!.logprobs, {
    tokens: ["a", "b"],
    token_logprobs: [-0.5, -0.5],
    top_logprobs: [{ a: -0.5 }, { b: -0.5 }],
    text_offset: [0, 1],
  });
});

test("a reply in the form of a schema", async () => {
  const { client, asked, schemas } = await start(['{"mood":"good"}', "{}"]);
  const format = zodResponseFormat(z.object({ mood: z.enum(["good", "bad"]) }), "mood");
  const { choices } = await client.chat.completions.parse({ ...question, response_format: format });
  assert.deepEqual(choices[0]!.message.parsed, { mood: "good" });
  assert.deepEqual(schemas, [format.json_schema.schema]);
  await client.chat.completions.create({ ...question, response_format: { type: "json_object" } });
  assert.deepEqual(schemas[1], undefined);
  assert.equal(asked[1]!.sampling.grammar, "root ::= [^x]*");
});

test("messages of every role and form", async () => {
  const { client, asked } = await start(["ok"]);
  await client.chat.completions.create({
    model: "aze-q4",
    messages: [
      { role: "developer", content: "Be brief." },
      {
        role: "user",
        content: [
          { type: "text", text: "one" },
          { type: "text", text: "two" },
        ],
      },
      { role: "assistant", content: "yes", ...THOUGHT },
      { role: "user", content: "three" },
      { role: "assistant", content: null, tool_calls: [] },
      { role: "tool", tool_call_id: "1", content: "four" },
    ],
  });
  const { prompt } = asked[0]!;
  assert.match(prompt, /Be brief\..*one\ntwo<.*yes<.*three\nfour</s);
  assert.doesNotMatch(prompt, /secret|Mia/);
});

test("a client that goes without reading its stream frees the model too", async () => {
  const { url, asked, allReleased } = await start(["word ".repeat(20_000)]);
  const stop = new AbortController();
  const body = JSON.stringify({ ...question, stream: true });
  const response = await fetch(`${url}/v1/chat/completions`, { method: "POST", body, signal: stop.signal });
  assert.equal(response.status, 200);
  stop.abort();
  await allReleased();
  assert.equal(asked[0]!.ended, "aborted");
});

test("texts that are continued", async () => {
  const { client, asked } = await start([" b", " c", " d", " e"]);
  const first = await client.completions.create({ model: "aze-q4", prompt: "a", echo: true });
  assert.equal(first.object, "text_completion");
  assert.equal(first.choices[0]!.text, "a b");
  assert.equal(asked[0]!.prompt, "a", "no template");
  const two = await client.completions.create({ model: "aze-q4", prompt: ["p", "q"] });
  assert.deepEqual(
    two.choices.map(({ index, text }) => [index, text]),
    [
      [0, " c"],
      [1, " d"],
    ],
  );
  const ids = byteTokens("xy");
  const stream = await client.completions.create({ model: "aze-q4", prompt: ids, echo: true, stream: true });
  assert.equal((await all(stream)).map(({ choices }) => choices[0]!.text).join(""), "xy e");
  assert.equal(asked[3]!.prompt, "xy");
});

test("bad requests are refused in OpenAI's shape, and leave no lease", async () => {
  const { client, url, openLeases } = await start([]);
  const chat = (fields: object) => client.chat.completions.create({ ...question, ...fields } as never);
  await assert.rejects(chat({ model: "nobody" }), NotFoundError);
  await assert.rejects(client.models.retrieve("nobody"), NotFoundError);
  const image = { role: "user", content: [{ type: "image_url", image_url: { url: "data:," } }] };
  for (const [fields, message] of [
    [{ messages: [] }, /messages: send at least one/],
    [{ messages: [image] }, /messages\.0\.content: "image_url" is no text/],
    [{ n: 9 }, /^400 n: /],
    [{ temperature: "hot" }, /temperature: /],
    [{ logit_bias: { "999999": 1 } }, /logit_bias: 999999 is no token/],
    [{ logit_bias: { x: 1 } }, /logit_bias/],
    [{ reasoning_effort: "huge" }, /reasoning_effort/],
    [{ response_format: { type: "xml" } }, /response_format/],
    [{ messages: [{ role: "user", content: "word ".repeat(5000) }] }, /tokens/],
    [{ messages: [{ role: "user", content: "word ".repeat(5000) }], stream: true }, /tokens/],
  ] as [object, RegExp][]) {
    await assert.rejects(chat(fields), (error) => {
      assert.ok(error instanceof BadRequestError, JSON.stringify(fields).slice(0, 80));
      assert.match(error.message, message);
      assert.equal(error.type, "invalid_request_error");
      return true;
    });
  }
  const complete = (fields: object) => client.completions.create({ model: "aze-q4", prompt: "a", ...fields });
  await assert.rejects(complete({ suffix: "z" }), /suffix: the models cannot insert/);
  await assert.rejects(complete({ echo: true, logprobs: 1 }), BadRequestError);
  await assert.rejects(complete({ prompt: [999_999] }), /999999 is no token/);
  const embed = (fields: object) => client.embeddings.create({ model: "aze-q4", input: "a", ...fields });
  await assert.rejects(embed({ dimensions: 4 }), /dimensions: 4, but the model has 3/);
  await assert.rejects(embed({ input: "" }), BadRequestError);
  for (const body of ["", "{", "[]", "null", '{"model":"aze-q4"}']) {
    const response = await fetch(`${url}/v1/chat/completions`, { method: "POST", body });
    assert.equal(response.status, 400);
    const { error } = (await response.json()) as { error: Record<string, unknown> };
    assert.deepEqual(Object.keys(error), ["message", "type", "param", "code"]);
  }
  assert.equal(openLeases(), 0);
});

test("a busy server says when to come again", async () => {
  const { client } = await start([], { busy: true });
  for (const stream of [false, true]) {
    await assert.rejects(client.chat.completions.create({ ...question, stream }), (error) => {
      assert.ok(error instanceof InternalServerError);
      assert.equal(error.status, 503);
      assert.equal(error.headers.get("retry-after"), "2");
      assert.equal(error.type, "api_error");
      return true;
    });
  }
});

test("a failure in the middle is the stream's last event", async () => {
  const { client, openLeases } = await start(["hello there"], { failsAt: 4 });
  const seen: string[] = [];
  await assert.rejects(async () => {
    const stream = await client.chat.completions.create({ ...question, stream: true });
    for await (const { choices } of stream) seen.push(choices[0]?.delta.content ?? "");
  }, /the model is gone/);
  assert.ok(seen.join("").startsWith("hel"));
  assert.equal(openLeases(), 0);
});
