import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import fc from "fast-check";
import { writeTinyModel } from "../../../test/tiny-model.js";
import { openGguf } from "../../formats/gguf/read.js";
import { templateFor } from "../../formats/template/chat-template.js";
import { loadTokenizer, type Tokenizer } from "../../formats/tokenizer/tokenizer.js";
import { gguf } from "../../gguf/gguf.js";
import type { LoadedModel, ModelHost, Sampling } from "../ports.js";
import { createHost } from "./host.js";
import { createQuantizer } from "./quantizer.js";

const GOLDEN = new URL("../../../../test/golden/llama-cpp/", import.meta.url);
/** llama.cpp rounds keys, values and activations to float16, and sums in another order for another number of rows. */
const NOISE = 0.03;
const greedy: Sampling = { temperature: 0, topP: 1, repeatPenalty: 1, maxTokens: 12, seed: 1 };
const drawn: Sampling = { temperature: 1, topP: 0.95, repeatPenalty: 1.1, maxTokens: 20, seed: 3 };

let folder: string;
let host: ModelHost;
const at = (name: string) => join(folder, name);

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "llama-cpp-"));
  await writeTinyModel(at("llama"), { architecture: "llama", tied: true, seed: "golden" });
  await writeTinyModel(at("qwen2"), { architecture: "qwen2", tied: false, seed: "golden", type: "BF16" });
  for (const name of ["llama", "qwen2"]) {
    const template = templateFor(await loadTokenizer(at(name), "test"), "test");
    await gguf({ model: at(name), gguf: at(`${name}.gguf`) }, { name, template });
  }
  host = await createHost();
});
after(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});

for (const name of ["llama", "qwen2"]) {
  describe(`llama.cpp, tiny ${name}`, () => {
    let model: LoadedModel;
    let tokenizer: Tokenizer;
    let golden: { prompt: number[]; reply: number[]; scores: number[] };
    before(async () => {
      model = await host.load(at(`${name}.gguf`), { contextTokens: 256, sequences: 3 });
      tokenizer = await loadTokenizer(at(name), "test");
      const all = JSON.parse(await readFile(new URL("scores.json", GOLDEN), "utf8")) as Record<
        string,
        typeof golden
      >;
      golden = all[name]!;
    });
    after(() => model.close());

    it("scores a reply as transformers does", async () => {
      const scores = await model.score(golden.prompt, golden.reply);
      golden.scores.forEach((score, index) =>
        assert.ok(Math.abs(scores[index]! - score) < NOISE, `${index}`),
      );
      assert.deepEqual(await model.score(golden.prompt, []), new Float64Array(0));
    });

    it("scores a long reply in parts as it scores it alone", async () => {
      const tokens = Array.from({ length: 240 }, (_, index) => (index * 37 + 5) % 397);
      const whole = await model.score(tokens.slice(0, 40), tokens.slice(40));
      const half = await model.score(tokens.slice(0, 140), tokens.slice(140));
      half.forEach((score, index) => assert.ok(Math.abs(whole[100 + index]! - score) < NOISE));
    });

    it("draws the most likely token, and the same reply beside others as alone", async () => {
      const prompts = Array.from({ length: 7 }, (_, first) => golden.prompt.slice(first, first + 12 + first));
      const together = await Promise.all(prompts.map((prompt) => model.generate(prompt, [], greedy)));
      for (const [index, prompt] of prompts.entries()) {
        const { ids, ended } = together[index]!;
        assert.equal(ended, "length");
        assert.equal(ids.length, greedy.maxTokens);
        const alone = (await model.generate(prompt, [], greedy)).ids;
        const split = ids.findIndex((id, step) => id !== alone[step]);
        if (split !== -1) {
          const start = [...prompt, ...ids.slice(0, split)];
          const [one, other] = await Promise.all(
            [ids, alone].map((said) => model.score(start, [said[split]!])),
          );
          assert.ok(
            Math.abs(one![0]! - other![0]!) < NOISE,
            "replies part only where two tokens are equally likely",
          );
        }
        const best = (await model.score(prompt, ids))[0]!;
        const others = await Promise.all([1, 50, 399].map((token) => model.score(prompt, [token])));
        assert.ok(others.every(([score]) => score! <= best));
      }
    });

    it("gives the same reply for a seed, and another for another", async () => {
      const first = await model.generate(golden.prompt, [], drawn);
      assert.deepEqual(await model.generate(golden.prompt, [], drawn), first);
      assert.notDeepEqual(await model.generate(golden.prompt, [], { ...drawn, seed: 4 }), first);
    });

    it("stops at a stop token, which is not part of the reply", async () => {
      const { ids } = await model.generate(golden.prompt, [], greedy);
      const stop = ids.at(-1)!;
      const seen: number[] = [];
      const onToken = (id: number) => seen.push(id);
      const reply = await model.generate(golden.prompt, [stop], greedy, { onToken });
      assert.deepEqual(reply, { ids: ids.slice(0, ids.indexOf(stop)), ended: "end" });
      assert.deepEqual(seen, reply.ids);
    });

    it("keeps what was said before an abort", async () => {
      const stop = new AbortController();
      let count = 0;
      const onToken = () => {
        count += 1;
        if (count === 4) stop.abort(new Error("stop"));
      };
      const options = { ...greedy, maxTokens: 200 };
      const { ids, ended } = await model.generate(golden.prompt, [], options, {
        onToken,
        signal: stop.signal,
      });
      assert.equal(ended, "aborted");
      assert.equal(ids.length, 4);
      await assert.rejects(model.score(golden.prompt, golden.reply, { signal: stop.signal }), /stop/);
    });

    it("ends where the context is full, and refuses what does not fit", async () => {
      const long = Array.from({ length: 250 }, () => 9);
      const { ids, ended } = await model.generate(long, [], { ...greedy, maxTokens: 50 });
      assert.equal(ended, "length");
      assert.equal(ids.length, 6);
      const message =
        /^LimitExceeded: model \w+.gguf: a conversation of 256 tokens does not fit \(at most 255\)/;
      await assert.rejects(model.generate([...long, 1, 2, 3, 4, 5, 6], [], greedy), message);
      await assert.rejects(model.score(long, long), /500 tokens does not fit \(at most 256\)/);
      await assert.rejects(model.generate([], [], greedy), TypeError);
      await assert.rejects(model.score([1], [100_000]), /100000 is not a token/);
    });

    it("tokenizes as our tokenizer does", () => {
      const piece = fc.oneof(
        fc.string({ unit: "grapheme" }),
        fc.constantFrom(
          "the train's ",
          "好的",
          "哈哈😂",
          "\n\n",
          "  ",
          "12 ½",
          "def f(x):\n\treturn x",
          "I'LL",
        ),
      );
      fc.assert(
        fc.property(fc.array(piece, { maxLength: 6 }), (parts) => {
          // llama.cpp does not normalize, and its \s differs from Unicode's and ours in this character.
          const text = parts.join("").normalize("NFC").replaceAll("\uFEFF", "");
          assert.deepEqual(model.tokenize(text, false), tokenizer.encode(text));
        }),
      );
      assert.deepEqual(model.tokenize("<|im_end|>", true), [tokenizer.specialId("<|im_end|>")]);
      assert.ok(model.tokenize("<|im_end|>", false).length > 1);
    });
  });
}

it("refuses a file that is no model", async () => {
  await writeFile(at("text.gguf"), "not a model");
  const options = { contextTokens: 64, sequences: 1 };
  await assert.rejects(host.load(at("text.gguf"), options), /^MalformedInput: model text.gguf: /);
  await assert.rejects(host.load(at("missing.gguf"), options), /^Unavailable: model missing.gguf: /);
  const whole = await readFile(at("llama.gguf"));
  const key = "llama.block_count";
  const place = whole.indexOf(key);
  const twice = Buffer.from(whole);
  // Two tokens of one name: llama.cpp would end this process.
  twice.write("b", twice.indexOf(Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 97])) + 8);
  await writeFile(at("twice.gguf"), twice);
  await assert.rejects(host.load(at("twice.gguf"), options), /^MalformedInput: .*vocabulary twice/);
  const typed = Buffer.from(whole);
  const norm = "blk.0.attn_norm.weight";
  // Name, number of dimensions, one dimension, then the type.
  typed.writeUInt32LE(26, typed.indexOf(norm) + norm.length + 4 + 8);
  await writeFile(at("typed.gguf"), typed);
  await assert.rejects(
    host.load(at("typed.gguf"), options),
    /^Unsupported: .*attn_norm.weight" has the type I32/,
  );
  const aligned = Buffer.alloc(33);
  aligned.writeBigUInt64LE(17n);
  aligned.write("general.alignment", 8);
  aligned.writeUInt32LE(4, 25);
  aligned.writeUInt32LE(8, 29);
  const askew = Buffer.concat([whole.subarray(0, 24), aligned, whole.subarray(24)]);
  askew.writeBigUInt64LE(askew.readBigUInt64LE(16) + 1n, 16);
  await writeFile(at("askew.gguf"), askew);
  await assert.rejects(host.load(at("askew.gguf"), options), /^Unsupported: .*at multiples of 8 bytes/);
  // An int32 where llama.cpp wants a uint32; we do not mind.
  whole.writeUInt32LE(5, place + key.length);
  await writeFile(at("odd.gguf"), whole);
  await assert.rejects(
    host.load(at("odd.gguf"), options),
    /^Unavailable: model odd.gguf: llama.cpp could not load it/,
  );
});

it("quantizes, and leaves nothing of what failed", async () => {
  const quantizer = await createQuantizer();
  await quantizer.quantize(at("llama.gguf"), at("llama-q4_k_m.gguf"), "Q4_K_M");
  const file = await openGguf(at("llama-q4_k_m.gguf"), "test");
  assert.equal(file.tensors.get("blk.0.attn_q.weight")!.type, "Q4_K");
  await file.close();
  const model = await host.load(at("llama-q4_k_m.gguf"), { contextTokens: 64, sequences: 1 });
  assert.equal((await model.generate([5, 6, 7], [], greedy)).ids.length, greedy.maxTokens);
  await model.close();

  await assert.rejects(
    quantizer.quantize(at("text.gguf"), at("x.gguf"), "Q8_0"),
    /^MalformedInput: quantize text.gguf: /,
  );
  await assert.rejects(
    quantizer.quantize(at("odd.gguf"), at("x.gguf"), "Q8_0"),
    /^Unavailable: quantize odd.gguf: /,
  );
  const stop = AbortSignal.abort(new Error("stop"));
  await assert.rejects(quantizer.quantize(at("llama.gguf"), at("x.gguf"), "Q8_0", { signal: stop }), /stop/);
  assert.deepEqual(
    (await readdir(folder)).filter((name) => /^x|partial/.test(name)),
    [],
  );
});

it("prints nothing, lets the process end, and closes what is open", async () => {
  const script = `
    const { createHost } = await import(${JSON.stringify(new URL("host.js", import.meta.url).href)});
    const { createQuantizer } = await import(${JSON.stringify(new URL("quantizer.js", import.meta.url).href)});
    const host = await createHost();
    await host.load(process.argv[2] + "/odd.gguf", { contextTokens: 64, sequences: 1 }).catch(() => {});
    const model = await host.load(process.argv[2] + "/qwen2.gguf", { contextTokens: 64, sequences: 1 });
    await model.score([1, 2], [3]);
    await (await createQuantizer()).quantize(process.argv[2] + "/qwen2.gguf", process.argv[2] + "/q.gguf", "Q4_0");
    await host.close();
  `;
  await writeFile(at("script.mjs"), script);
  const run = promisify(execFile)(process.execPath, [at("script.mjs"), folder]);
  assert.deepEqual(await run, { stdout: "", stderr: "" });
});
