import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createRandom } from "../src/random.js";
import type { LeaseOptions } from "../src/serve/model-pool.js";
import { type Serving, startServing, TINY } from "./serving.js";

const CHATS = 1000;
const AT_ONCE = 32;
/** After so many the caches of the runtime and of the model are as large as they get. */
const WARM_UP = 500;
/** The memory is looked at as often. What a runtime keeps for later comes and goes, what leaks only grows. */
const LOOKS = 10;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

test(`${CHATS} chats, ${AT_ONCE} at once, a fifth of them stopped: no error, no leak, and room at once`, async (t) => {
  const serving = await startServing({ pool: { mostWaiting: 2 * AT_ONCE } });
  t.after(() => serving.close());
  const late = watchReleases(serving);
  const random = createRandom("soak");
  const done = { whole: 0, stopped: 0 };
  await together(WARM_UP, () => chat(serving, random, done));
  const rss: number[] = [];
  for (let look = 0; look < LOOKS; look += 1) {
    await together(CHATS / LOOKS, () => chat(serving, random, done));
    rss.push(await rssBytes());
  }
  const before = Math.min(...rss.slice(0, LOOKS / 2));
  const growth = Math.min(...rss.slice(LOOKS / 2)) / before - 1;
  t.diagnostic(
    `${done.whole} whole, ${done.stopped} stopped; ${Math.round(before / 2 ** 20)} MiB, ${(growth * 100).toFixed(1)} % more in the second half; the slowest release took ${Math.round(late.mostMs)} ms`,
  );
  assert.equal(done.whole + done.stopped, WARM_UP + CHATS);
  assert.ok(done.stopped > (WARM_UP + CHATS) / 10, `${done.stopped} stopped`);
  assert.ok(growth < 0.1, `memory grew by ${(growth * 100).toFixed(1)} %`);
  assert.equal(late.open, 0, "every lease was given back");
  assert.ok(late.mostMs < 1000, `a stopped answer kept its place for ${late.mostMs} ms`);
  assert.deepEqual(serving.log, []);
});

async function chat(
  serving: Serving,
  random: () => number,
  done: { whole: number; stopped: number },
): Promise<void> {
  const stream = random() < 0.7;
  const isOllama = random() < 0.5;
  const stopAfterMs = random() < 0.2 ? random() * 150 : undefined;
  const messages = [{ role: "user", content: `Bring ${Math.floor(random() * 1000)} tickets.` }];
  const tokens = 8 + Math.floor(random() * 40);
  const stop = new AbortController();
  const timer = stopAfterMs === undefined ? undefined : setTimeout(() => stop.abort(), stopAfterMs);
  try {
    const response = await fetch(`${serving.url}${isOllama ? "/api/chat" : "/v1/chat/completions"}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(
        isOllama
          ? { model: TINY, messages, stream, options: { num_predict: tokens } }
          : { model: TINY, messages, stream, max_tokens: tokens },
      ),
      signal: stop.signal,
    });
    const text = await response.text();
    assert.equal(response.status, 200, text);
    assert.match(
      text.trimEnd(),
      stream ? (isOllama ? /"done":true[^\n]*$/ : /data: \[DONE\]$/) : /^\{.*\}$/s,
    );
    done.whole += 1;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    done.stopped += 1;
  } finally {
    clearTimeout(timer);
  }
}

/** Counts leases that are out, and how long a stopped one takes to be given back. */
function watchReleases({ pool }: Serving): { open: number; mostMs: number } {
  const seen = { open: 0, mostMs: 0 };
  const lease = pool.lease.bind(pool);
  pool.lease = async (served, options: LeaseOptions = {}) => {
    const given = await lease(served, options);
    seen.open += 1;
    let stoppedAt: number | undefined;
    const onStop = (): void => {
      stoppedAt = performance.now();
    };
    options.signal?.addEventListener("abort", onStop, { once: true });
    let isOut = true;
    return {
      ...given,
      release: () => {
        given.release();
        if (!isOut) return;
        isOut = false;
        seen.open -= 1;
        options.signal?.removeEventListener("abort", onStop);
        if (stoppedAt !== undefined) seen.mostMs = Math.max(seen.mostMs, performance.now() - stoppedAt);
      },
    };
  };
  return seen;
}

async function together(count: number, work: () => Promise<void>): Promise<void> {
  let left = count;
  const one = async (): Promise<void> => {
    for (; left > 0;) {
      left -= 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

/** Of the process, once all is freed that nobody holds; finalizers have their turn in between. */
async function rssBytes(): Promise<number> {
  collect();
  await new Promise(setImmediate);
  collect();
  return process.memoryUsage().rss;
}
