import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { writeTinyModel } from "../../../test/tiny-model.js";
import { templateFor } from "../../formats/template/chat-template.js";
import { stopIds } from "../../formats/template/encode.js";
import { loadTokenizer, type Tokenizer } from "../../formats/tokenizer/tokenizer.js";
import { gguf } from "../../gguf/gguf.js";
import type { DrawScores, Sampling, ServingHost, ServingModel } from "../ports.js";
import { createHost } from "./host.js";

const sampling: Sampling = { temperature: 1, topP: 1, repeatPenalty: 1, maxTokens: 200, seed: 1 };

describe("llama.cpp for a server, tiny llama", () => {
  let folder: string;
  let host: ServingHost;
  let model: ServingModel;
  let tokenizer: Tokenizer;
  let stops: number[];
  const path = () => join(folder, "model.gguf");

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "serving-"));
    await writeTinyModel(join(folder, "model"), { architecture: "llama", tied: true, seed: "golden" });
    tokenizer = await loadTokenizer(join(folder, "model"), "test");
    const template = templateFor(tokenizer, "test");
    stops = stopIds(tokenizer, template);
    await gguf({ model: join(folder, "model"), gguf: path() }, { name: "tiny", template });
    host = await createHost();
    model = await host.load(path(), { contextTokens: 512, sequences: 2 });
  });
  after(async () => {
    await host.close();
    await rm(folder, { recursive: true });
  });

  const say = async (more: Partial<Sampling>, prompt = "hi") => {
    const scores: (DrawScores | undefined)[] = [];
    const onToken = (_id: number, score?: DrawScores) => void scores.push(score);
    const { ids, ended } = await model.generate(
      tokenizer.encode(prompt),
      stops,
      { ...sampling, ...more },
      { onToken },
    );
    return { text: tokenizer.decode(ids), ids, ended, scores };
  };

  it("writes JSON where a grammar says so, whatever the seed", async () => {
    const grammar = await host.jsonGrammar({
      type: "object",
      properties: {
        name: { type: "string", maxLength: 8 },
        age: { type: "integer", minimum: 17, exclusiveMaximum: 120 },
        mark: { type: "number", minimum: 0, maximum: 1 },
        ok: { enum: [true, "no"] },
      },
      required: ["name"],
    });
    for (let seed = 0; seed < 12; seed += 1) {
      const { text, ended } = await say({ grammar, seed, temperature: 2, maxTokens: 450 });
      if (ended !== "end") continue;
      const value = JSON.parse(text) as Record<string, unknown>;
      assert.deepEqual(Object.keys(value), ["name", "age", "mark", "ok"]);
      assert.ok(value["ok"] === true || value["ok"] === "no");
      const [age, mark] = [Number(value["age"]), Number(value["mark"])];
      assert.ok(Number.isInteger(age) && age >= 17 && age < 120, `${age}`);
      assert.ok(mark >= 0 && mark <= 1, `${mark}`);
    }
  });

  it("ends a reply as soon as its grammar is complete", async () => {
    const said = await say({ grammar: 'root ::= "a" ("b" | "c")' });
    assert.match(said.text, /^a[bc]$/);
    assert.equal(said.ended, "end");
    const greedy = await say({ grammar: 'root ::= "xyz"', temperature: 0 });
    assert.deepEqual([greedy.text, greedy.ended], ["xyz", "end"]);
  });

  it("writes any object where there is no schema", async () => {
    const grammar = await host.jsonGrammar();
    for (let seed = 0; seed < 6; seed += 1) {
      const { text, ended } = await say({ grammar, seed, temperature: 0.5, topK: 20, maxTokens: 450 });
      if (ended === "end") assert.equal(typeof JSON.parse(text), "object");
      else assert.match(text, /^[[{]/);
    }
  });

  it("refuses what no grammar can keep to, and a grammar that is none", async () => {
    const bad: [unknown, RegExp][] = [
      [{ type: "string", pattern: "^a" }, /schema\.pattern: no grammar can keep to it/],
      [{ type: "object", properties: { n: { type: "number", minimum: 0.5 } } }, /minimum/],
      [{ type: "integer", minimum: 2, maximum: 1 }, /no number lies between/],
      [{ type: "integer", multipleOf: 5 }, /multipleOf/],
      [{ oneOf: 3 }, /not a list/],
      [[], /not an object/],
      [null, /not an object/],
      [{ properties: null, type: "object" }, /not an object/],
    ];
    for (const [schema, message] of bad) {
      await assert.rejects(host.jsonGrammar(schema), { name: "Unsupported", message });
    }
    await assert.rejects(say({ grammar: "root ::= (" }), { name: "MalformedInput" });
  });

  it("tells how likely each token was, and the likeliest in its place", async () => {
    const { ids, scores } = await say({ topScores: 3, maxTokens: 8 });
    const exact = await model.score(tokenizer.encode("hi"), ids);
    for (const [at, score] of scores.entries()) {
      assert.equal(score!.drawn.id, ids[at]);
      assert.ok(Math.abs(score!.drawn.logProbability - exact[at]!) < 0.02);
      assert.equal(score!.top.length, 3);
      assert.ok(score!.top[0]!.logProbability >= score!.drawn.logProbability);
    }
    assert.ok((await say({ maxTokens: 3 })).scores.every((score) => score === undefined));
  });

  it("draws only from the likeliest tokens, and follows a bias", async () => {
    const greedy = await say({ temperature: 0, maxTokens: 10 });
    assert.deepEqual((await say({ topK: 1, maxTokens: 10 })).ids, greedy.ids);
    assert.deepEqual((await say({ minP: 1, maxTokens: 10 })).ids, greedy.ids);
    const favourite = tokenizer.encode("z")[0]!;
    const { ids } = await say({ logitBias: new Map([[favourite, 100]]), maxTokens: 5 });
    assert.deepEqual(new Set(ids), new Set([favourite]));
    const penal = await say({ temperature: 0, maxTokens: 12, frequencyPenalty: 2, repeatLastN: -1 });
    assert.notDeepEqual(penal.ids, greedy.ids);
    assert.deepEqual(
      (await say({ temperature: 0, maxTokens: 12, frequencyPenalty: 2, repeatLastN: 0 })).ids.slice(0, 10),
      greedy.ids,
    );
  });

  it("embeds a text as the mean of the states that transformers gives for it", async () => {
    const url = new URL("../../../../test/golden/llama-cpp/states.json", import.meta.url);
    const golden = JSON.parse(await readFile(url, "utf8")) as Record<
      string,
      { tokens: number[]; mean: number[] }
    >;
    const { tokens, mean } = golden["llama"]!;
    const found = await model.embed(tokens);
    assert.equal(found.length, mean.length);
    const difference = Math.hypot(...mean.map((value, index) => value - found[index]!));
    // Weights and what is kept of the past are half floats.
    assert.ok(difference / Math.hypot(...mean) < 0.005, `${difference}`);
  });

  it("has a text's mean state, the same however often it is asked, and of another text another", async () => {
    const [a, again, b] = await Promise.all(
      ["hello there", "hello there", "quite another text"].map((text) => model.embed(tokenizer.encode(text))),
    );
    assert.equal(a!.length, 256);
    assert.deepEqual(a, again);
    assert.notDeepEqual(a, b);
    const long = await model.embed(tokenizer.encode("hello ".repeat(80)));
    assert.ok(long.every(Number.isFinite));
  });

  it("holds the weights of a file once, and answers from both models that share them", async () => {
    const other = await host.load(path(), { contextTokens: 256, sequences: 1 });
    const prompt = tokenizer.encode("are you there");
    const quiet = { ...sampling, temperature: 0, maxTokens: 12 };
    const [one, two] = await Promise.all([
      model.generate(prompt, stops, quiet),
      other.generate(prompt, stops, quiet),
    ]);
    assert.deepEqual(one.ids, two.ids);
    assert.ok(
      (await host.memoryBytes(path(), { contextTokens: 256, sequences: 1 })) <
        (await host.memoryBytes(path(), { contextTokens: 4096, sequences: 8 })),
    );
    await other.close();
    assert.deepEqual((await model.generate(prompt, stops, quiet)).ids, one.ids);
  });

  it("refuses an adapter that is none", async () => {
    const options = { contextTokens: 256, sequences: 1 };
    await assert.rejects(host.load(path(), { ...options, adapter: path() }), { name: "Unsupported" });
    await writeFile(join(folder, "broken.gguf"), "GGUF nothing more");
    await assert.rejects(host.load(path(), { ...options, adapter: join(folder, "broken.gguf") }));
    await assert.rejects(host.load(path(), { ...options, adapter: join(folder, "none.gguf") }));
  });
});
