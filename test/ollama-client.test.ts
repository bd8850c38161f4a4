import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { Ollama, type ChatResponse } from "ollama";
import { type Serving, startServing, TINY } from "./serving.js";

// Ollama's own client for Node does what programs do with it, against a real tiny model.

let serving: Serving;
let client: Ollama;
before(async () => {
  serving = await startServing({ pool: { parallel: 1 } });
  client = new Ollama({ host: serving.url });
});
after(() => serving.close());

const messages = [{ role: "user", content: "Hello there" }];
const options = { temperature: 0, num_predict: 8 };

test("version, list, show", async () => {
  assert.deepEqual(await client.version(), { version: "0.1.0" });
  const { models } = await client.list();
  assert.deepEqual(
    models.map(({ name, details }) => [name, details.family, details.quantization_level]),
    [[TINY, "qwen2", "F16"]],
  );
  const shown = await client.show({ model: "tiny-q4" });
  assert.equal((shown.model_info as unknown as Record<string, unknown>)["general.architecture"], "qwen2");
  assert.deepEqual(shown.capabilities, ["completion"]);
});

test("a streamed chat is, joined, the chat at once; the last part is empty and has the counts", async () => {
  const whole = await client.chat({ model: TINY, messages, options });
  const parts: ChatResponse[] = [];
  for await (const part of await client.chat({ model: TINY, messages, options, stream: true }))
    parts.push(part);
  assert.equal(parts.map(({ message }) => message.content).join(""), whole.message.content);
  const last = parts.at(-1)!;
  assert.deepEqual([last.done, last.message.content, last.done_reason], [true, "", "length"]);
  assert.deepEqual([last.eval_count, last.prompt_eval_count], [8, whole.prompt_eval_count]);
  assert.ok(parts.slice(0, -1).every(({ done, message }) => !done && message.content !== ""));
});

test("tools and unknown fields are left alone, pictures refused", async () => {
  const tools = [{ type: "function", function: { name: "weather", description: "", parameters: {} } }];
  const plain = await client.chat({ model: TINY, messages, options });
  const tooled = await client.chat({ model: TINY, messages, options, tools });
  assert.equal(tooled.message.content, plain.message.content);
  const seen = [{ role: "user", content: "What is this?", images: ["aGk="] }];
  await assert.rejects(client.chat({ model: TINY, messages: seen }), /no model here sees images/);
});

test("what is generated can be gone on with", async () => {
  const first = await client.generate({ model: TINY, prompt: "Hello", options });
  const second = await client.generate({ model: TINY, prompt: "And?", options, context: first.context });
  assert.deepEqual(second.context.slice(0, first.context.length), first.context);
  const raw = await client.generate({ model: TINY, prompt: "Hello", raw: true, options });
  assert.equal(raw.context, undefined);
});

test("log probabilities come where they are asked for", async () => {
  const answer = await client.chat({ model: TINY, messages, options, logprobs: true, top_logprobs: 2 });
  const scores = answer.logprobs!;
  assert.equal(scores.length, 8);
  for (const { logprob, top_logprobs: top } of scores) {
    assert.equal(top!.length, 2);
    assert.equal(top![0]!.logprob, logprob, "at temperature 0 the likeliest is drawn");
  }
});

test("the prompt can be seen as the model sees it", async () => {
  const body = JSON.stringify({ model: TINY, messages, _debug_render_only: true });
  const response = await fetch(`${serving.url}/api/chat`, { method: "POST", body });
  const { _debug_info: info } = (await response.json()) as { _debug_info: { rendered_template: string } };
  assert.equal(info.rendered_template, "<|im_start|>user\nHello there<|im_end|>\n<|im_start|>assistant\n");
});

test("an aborted chat makes room for the next", async () => {
  const endless = await client.chat({ model: TINY, messages, stream: true });
  await assert.rejects(
    async () => {
      for await (const _ of endless) endless.abort();
    },
    { name: "AbortError" },
  );
  // One answer at a time: this one is given only once the other has ended.
  assert.equal((await client.chat({ model: TINY, messages, options })).done, true);
});

test("vectors have length 1", async () => {
  const { embeddings } = await client.embed({ model: TINY, input: ["Hello", "there"] });
  assert.equal(embeddings.length, 2);
  for (const vector of embeddings) assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-5);
  const { embeddings: cut } = await client.embed({ model: TINY, input: "Hello", dimensions: 8 });
  assert.equal(cut[0]!.length, 8);
  assert.ok(Math.abs(Math.hypot(...cut[0]!) - 1) < 1e-5);
});

test("a model is made of an uploaded file, asked, made smaller, copied and deleted", async () => {
  const bytes = await readFile((await serving.catalogue.find(TINY))!.gguf);
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  const blob = `${serving.url}/api/blobs/${digest}`;
  assert.equal((await fetch(blob, { method: "HEAD" })).status, 404);
  assert.equal((await fetch(blob, { method: "POST", body: bytes })).status, 201);
  const files = { files: { "any.gguf": digest } };
  const steps: string[] = [];
  const making = await client.create({ model: "own", system: "You are Aze.", stream: true, ...files });
  for await (const { status } of making) steps.push(status);
  assert.deepEqual(steps, ["parsing GGUF", "writing manifest", "success"]);
  assert.equal((await client.show({ model: "own" })).system, "You are Aze.");
  const other = client.create({ model: "odd", from: "own", template: "{{ .Prompt }}" });
  await assert.rejects(other, /keeps the template/);
  await client.create({ model: "small", from: "own", quantize: "q8_0" });
  const small = await client.show({ model: "small" });
  assert.deepEqual([small.details.quantization_level, small.system], ["Q8_0", "You are Aze."]);
  await client.copy({ source: "own", destination: "twin" });
  assert.equal((await client.chat({ model: "twin", messages, options })).model, "twin");
  for (const model of ["own", "small", "twin"]) await client.delete({ model });
  assert.deepEqual(
    (await client.list()).models.map(({ name }) => name),
    [TINY],
  );
  await assert.rejects(client.delete({ model: TINY }), /belongs to a project/);
});

test("a model made smaller is told and set as the other one, and has still learnt what that one had", async () => {
  await client.create({ model: "small", from: TINY, quantize: "q4_0", parameters: { top_k: 5 } });
  await client.copy({ source: "small", destination: "twin" });
  for (const [name, parent] of [
    ["small", TINY],
    ["twin", "small:latest"],
  ] as const) {
    const made = (await serving.catalogue.find(name))!;
    assert.deepEqual([made.parent, made.tuned, made.ofProject], [parent, true, false]);
    assert.deepEqual(made.parameters, { temperature: 1, num_ctx: 512, top_k: 5 });
    assert.equal((await client.show({ model: name })).details.quantization_level, "Q4_0");
    await client.delete({ model: name });
  }
});

test("loaded models are shown, and unloaded on request", async () => {
  await client.chat({ model: TINY, messages: [] });
  assert.deepEqual(
    (await client.ps()).models.map(({ name }) => name),
    [TINY],
  );
  await client.generate({ model: TINY, prompt: "", keep_alive: 0 });
  assert.deepEqual((await client.ps()).models, []);
});

test("pulling fetches nothing", async () => {
  assert.deepEqual(await client.pull({ model: TINY }), { status: "success" });
  await assert.rejects(client.pull({ model: "llama9" }), /none is fetched on request/);
});

test("the paths that Page Assist's second provider asks", async () => {
  const body = JSON.stringify({ model: TINY, messages, options, stream: false });
  const response = await fetch(`${serving.url}/v1/api/chat`, { method: "POST", body });
  assert.equal(((await response.json()) as ChatResponse).done, true);
});
