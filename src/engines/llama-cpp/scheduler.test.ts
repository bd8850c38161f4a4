import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Unavailable } from "../../errors.js";
import { type Decoder, type Job, type Row, Scheduler } from "./scheduler.js";

const VOCABULARY = 50;

/**
 * A model whose next token depends on all tokens before it, and which fails where it is not told them in order.
 */
function fakeDecoder(limits: { rows: number; outputs: number }) {
  const past = new Map<number, number[]>();
  let last: (Float32Array | undefined)[] = [];
  const steps: Row[][] = [];
  const decoder: Decoder = {
    decode: async (rows) => {
      await new Promise((resolve) => setImmediate(resolve));
      assert.ok(rows.length <= limits.rows);
      assert.ok(rows.filter(({ output }) => output).length <= limits.outputs);
      steps.push([...rows]);
      last = rows.map(({ token, position, sequence, output }) => {
        const held = past.get(sequence) ?? [];
        past.set(sequence, held);
        assert.equal(position, held.length);
        held.push(token);
        return output
          ? Float32Array.from({ length: VOCABULARY }, (_, id) => (id === after(held) ? 1 : 0))
          : undefined;
      });
    },
    logits: (index) => last[index]!,
    forget: (sequence, from) => {
      const held = past.get(sequence) ?? [];
      assert.ok(from <= held.length);
      held.length = from;
    },
  };
  return { decoder, steps };
}

/** The token that the fake model puts after some tokens. */
function after(tokens: readonly number[]): number {
  return tokens.reduce((hash, token) => (hash * 31 + token + 7) % 9973, 1) % VOCABULARY;
}

/** A job that appends the most likely token `count` times, and what it appended. */
function follow(prompt: number[], count: number, signal?: AbortSignal): { job: Job; said: number[] } {
  const said: number[] = [];
  const tokens = [...prompt];
  const read = (logits: Float32Array, position: number) => {
    assert.equal(position, tokens.length - 1);
    said.push(logits.indexOf(1));
    if (said.length < count) tokens.push(said.at(-1)!);
  };
  return { job: { tokens, readFrom: prompt.length - 1, read, signal }, said };
}

function expected(prompt: number[], count: number): number[] {
  const tokens = [...prompt];
  for (let at = 0; at < count; at += 1) tokens.push(after(tokens));
  return tokens.slice(prompt.length);
}

describe("scheduler", () => {
  it("gives each job what it would get alone, within the limits of a step", async () => {
    const prompt = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 20 });
    const jobs = fc.array(fc.record({ prompt, count: fc.integer({ min: 1, max: 8 }) }), { maxLength: 12 });
    const limits = fc.record({
      sequences: fc.integer({ min: 1, max: 4 }),
      rows: fc.integer({ min: 4, max: 16 }),
      outputs: fc.integer({ min: 1, max: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(jobs, limits, async (wanted, sizes) => {
        const scheduler = new Scheduler(fakeDecoder(sizes).decoder, sizes);
        await Promise.all(
          wanted.map(async ({ prompt, count }) => {
            const { job, said } = follow(prompt, count);
            await scheduler.run(job);
            assert.deepEqual(said, expected(prompt, count));
          }),
        );
        await scheduler.close();
      }),
    );
  });

  it("reads every position that a scoring job asks for", async () => {
    const limits = { sequences: 2, rows: 8, outputs: 3 };
    const scheduler = new Scheduler(fakeDecoder(limits).decoder, limits);
    const tokens = Array.from({ length: 21 }, (_, at) => (at * at) % 5);
    const seen: number[] = [];
    const read = (logits: Float32Array, position: number) => {
      assert.equal(logits.indexOf(1), after(tokens.slice(0, position + 1)));
      seen.push(position);
    };
    await scheduler.run({ tokens: [...tokens], readFrom: 4, read });
    assert.deepEqual(seen, tokens.map((_, at) => at).slice(4));
  });

  it("does not compute a known beginning again", async () => {
    const limits = { sequences: 2, rows: 64, outputs: 8 };
    const { decoder, steps } = fakeDecoder(limits);
    const scheduler = new Scheduler(decoder, limits);
    await scheduler.run(follow([1, 2, 3, 4, 5, 6], 1).job);
    await scheduler.run(follow([9, 9, 9], 1).job);
    steps.length = 0;
    await scheduler.run(follow([1, 2, 3, 4, 7], 1).job);
    assert.deepEqual(
      steps.flat().map(({ position }) => position),
      [4],
    );
    steps.length = 0;
    await scheduler.run(follow([9, 9, 9], 1).job);
    assert.deepEqual(
      steps.flat().map(({ position }) => position),
      [2],
    );
  });

  it("stops a job on abort and goes on with the others", async () => {
    const limits = { sequences: 1, rows: 8, outputs: 8 };
    const scheduler = new Scheduler(fakeDecoder(limits).decoder, limits);
    const stop = new AbortController();
    const endless = follow([1], Infinity, stop.signal);
    const waiting = follow([2], 1, stop.signal);
    const other = follow([3], 2);
    const job = {
      ...endless.job,
      read: (logits: Float32Array, position: number) => {
        endless.job.read(logits, position);
        if (endless.said.length === 5) stop.abort(new Error("enough"));
      },
    };
    const results = await Promise.allSettled(
      [job, waiting.job, other.job].map((each) => scheduler.run(each)),
    );
    assert.deepEqual(
      results.map(({ status }) => status),
      ["rejected", "rejected", "fulfilled"],
    );
    assert.match(String((results[0] as PromiseRejectedResult).reason), /enough/);
    assert.equal(endless.said.length, 5);
    assert.deepEqual(other.said, expected([3], 2));
  });

  it("fails a job whose reader throws, and all jobs of a step that fails", async () => {
    const limits = { sequences: 2, rows: 8, outputs: 8 };
    const { decoder } = fakeDecoder(limits);
    let failing = false;
    const decode = async (rows: readonly Row[]) => {
      await decoder.decode(rows);
      if (failing) throw new Error("step");
    };
    const scheduler = new Scheduler({ ...decoder, decode }, limits);
    const broken = follow([1, 2], 1).job;
    broken.read = () => {
      throw new Error("reader");
    };
    const [failed, fine] = await Promise.allSettled([
      scheduler.run(broken),
      scheduler.run(follow([3], 3).job),
    ]);
    assert.match(String((failed as PromiseRejectedResult).reason), /reader/);
    assert.equal(fine.status, "fulfilled");

    failing = true;
    await assert.rejects(scheduler.run(follow([1, 2], 1).job), /step/);
    failing = false;
    const again = follow([1, 2], 2);
    await scheduler.run(again.job);
    assert.deepEqual(again.said, expected([1, 2], 2));
  });

  it("ends what is running when it is closed", async () => {
    const limits = { sequences: 1, rows: 8, outputs: 8 };
    const scheduler = new Scheduler(fakeDecoder(limits).decoder, limits);
    const running = assert.rejects(scheduler.run(follow([1], Infinity).job), Unavailable);
    await scheduler.close();
    await running;
    await assert.rejects(scheduler.run(follow([1], 1).job), Unavailable);
  });
});
