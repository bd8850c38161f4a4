import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import OpenAI, { BadRequestError, NotFoundError } from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";
import { type Serving, startServing, TINY } from "./serving.js";

// OpenAI's own client for Node does what programs do with it, against a real tiny model that draws two answers at once.

const SEQUENCES = 2;

let serving: Serving;
let client: OpenAI;
before(async () => {
  serving = await startServing({ pool: { parallel: SEQUENCES } });
  client = new OpenAI({ baseURL: `${serving.url}/v1`, apiKey: "none", maxRetries: 0, logLevel: "off" });
});
after(async () => {
  assert.deepEqual(serving.log, []);
  await serving.close();
});

const question = {
  model: TINY,
  messages: [{ role: "user" as const, content: "Hello there" }],
  max_tokens: 8,
  seed: 7,
};

test("the models, as a list and alone, with and without v1", async () => {
  const { data } = await client.models.list();
  assert.deepEqual(
    data.map(({ id, owned_by }) => [id, owned_by]),
    [[TINY, "kouwen"]],
  );
  assert.deepEqual(await client.models.retrieve("tiny-q4"), data[0]);
  const list = (await (await fetch(`${serving.url}/models`)).json()) as object;
  assert.deepEqual(list, { object: "list", data });
  await assert.rejects(client.models.retrieve("nobody"), NotFoundError);
});

test("a streamed chat is, joined, the chat at once, and takes as much", async () => {
  const whole = await client.chat.completions.create(question);
  const [choice] = whole.choices;
  assert.equal(choice!.finish_reason, "length");
  assert.equal(whole.usage!.completion_tokens, 8);
  const stream = await client.chat.completions.create({
    ...question,
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = "";
  let usage: object | null | undefined;
  for await (const { choices, usage: told } of stream) {
    text += choices[0]?.delta.content ?? "";
    usage = told;
  }
  assert.equal(text, choice!.message.content);
  assert.deepEqual(usage, whole.usage);
});

test("more answers than there are places, each with a seed of its own", async () => {
  const three = { ...question, n: 3 };
  const drawn = await client.chat.completions.create(three);
  assert.equal(new Set(drawn.choices.map(({ message }) => message.content)).size, 3);
  assert.equal(drawn.usage!.completion_tokens, 3 * 8);
  // Answers side by side are computed in other sums than one alone, so that only the likeliest tokens are surely the same.
  const certain = { ...question, temperature: 0 };
  const alone = (await client.chat.completions.create(certain)).choices[0]!.message.content!;
  const texts = ["", "", ""];
  const ends: number[] = [];
  for await (const { choices } of await client.chat.completions.create({ ...certain, n: 3, stream: true })) {
    for (const { index, delta, finish_reason } of choices) {
      texts[index] += delta.content ?? "";
      if (finish_reason) ends.push(index);
    }
  }
  assert.deepEqual(texts, [alone, alone, alone]);
  assert.deepEqual(new Set(ends), new Set([0, 1, 2]));
});

test("log probabilities are of the tokens drawn, and add up to no more than 1", async () => {
  const { choices } = await client.chat.completions.create({
    ...question,
    temperature: 0,
    logprobs: true,
    top_logprobs: 5,
  });
  const content = choices[0]!.logprobs!.content!;
  assert.equal(content.length, 8);
  for (const { token, logprob, top_logprobs: top } of content) {
    assert.equal(top.length, 5);
    assert.deepEqual(
      [top[0]!.token, top[0]!.logprob],
      [token, logprob],
      "at temperature 0 the likeliest is drawn",
    );
    assert.deepEqual(
      top.map((each) => each.logprob),
      top.map((each) => each.logprob).toSorted((a, b) => b - a),
    );
    assert.ok(top.reduce((sum, each) => sum + Math.exp(each.logprob), 0) <= 1 + 1e-4);
  }
  const plain = await client.completions.create({
    model: TINY,
    prompt: "Did you",
    max_tokens: 3,
    seed: 7,
    logprobs: 2,
  });
  const { token_logprobs: drawn, top_logprobs: tops } = plain.choices[0]!.logprobs!;
  assert.ok(drawn!.length > 0);
  assert.equal(drawn!.length, plain.usage!.completion_tokens);
  // Two halves of characters have the same text, and so one key.
  for (const each of tops!) assert.ok([1, 2].includes(Object.keys(each).length));
});

test("a reply in the form of a schema is what the schema takes, whatever the model would say", async () => {
  const schema = z.object({ mood: z.enum(["good", "bad"]), sure: z.boolean() });
  for (const seed of [1, 2, 3]) {
    const { choices } = await client.chat.completions.parse({
      ...question,
      seed,
      max_tokens: 200,
      response_format: zodResponseFormat(schema, "mood"),
    });
    assert.equal(choices[0]!.finish_reason, "stop");
    assert.ok(schema.safeParse(choices[0]!.message.parsed).success);
  }
});

test("a text is continued, from its ids as from itself", async () => {
  const [prompt, rest] = ["Did you sleep", { model: TINY, max_tokens: 6, temperature: 0 }];
  const plain = await client.completions.create({ ...rest, prompt });
  const echoed = await client.completions.create({ ...rest, prompt: [prompt, "Yes"], echo: true });
  assert.equal(echoed.choices[0]!.text, prompt + plain.choices[0]!.text);
  assert.ok(echoed.choices[1]!.text.startsWith("Yes"));
});

test("embeddings have length 1, the same as numbers and as base64", async () => {
  const input = ["The tickets are here.", "Bring milk."];
  const base64 = await client.embeddings.create({ model: TINY, input });
  const float = await client.embeddings.create({ model: TINY, input, encoding_format: "float" });
  assert.ok(float.usage.prompt_tokens > 2 && float.usage.prompt_tokens === float.usage.total_tokens);
  for (const [index, { embedding }] of float.data.entries()) {
    assert.ok(Math.abs(Math.hypot(...embedding) - 1) < 1e-5);
    assert.deepEqual(base64.data[index]!.embedding, embedding);
  }
  assert.notDeepEqual(float.data[0]!.embedding, float.data[1]!.embedding);
  const { length } = float.data[0]!.embedding;
  const request = { model: TINY, input: "Hello" };
  const { data } = await client.embeddings.create({ ...request, dimensions: length - 1 });
  assert.equal(data[0]!.embedding.length, length - 1);
  assert.ok(Math.abs(Math.hypot(...data[0]!.embedding) - 1) < 1e-5);
  await assert.rejects(client.embeddings.create({ ...request, dimensions: length + 1 }), BadRequestError);
});

test("a client that goes as soon as it has its turn is not answered, and its place is free", async (t) => {
  const { pool } = serving;
  const lease = pool.lease.bind(pool);
  const stop = new AbortController();
  let held = 0;
  t.mock.method(pool, "lease", async (...asked: Parameters<typeof lease>) => {
    const granted = await lease(...asked);
    held += 1;
    stop.abort();
    return {
      ...granted,
      release: () => {
        held -= 1;
        granted.release();
      },
    };
  });
  await assert.rejects(
    client.chat.completions.create({ ...question, n: 3 }, { signal: stop.signal }),
    OpenAI.APIUserAbortError,
  );
  const { choices } = await client.chat.completions.create(question);
  assert.equal(choices.length, 1);
  assert.equal(held, 0);
});
