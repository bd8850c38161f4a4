import assert from "node:assert/strict";
import { test } from "node:test";
import { Unavailable } from "../src/errors.js";
import { startServing, TINY } from "./serving.js";

test("who asks once over HTTP is answered before who asks many times, however late", async () => {
  const serving = await startServing({ pool: { parallel: 1, mostWaiting: 9 } });
  try {
    const { pool, url, catalogue } = serving;
    // The only place is taken until all wait for it.
    const model = (await catalogue.find(TINY))!;
    const lease = pool.lease.bind(pool);
    const held = await lease(model);
    const order: string[] = [];
    pool.lease = async (served, options) => {
      const given = await lease(served, options);
      const [, , , user] = JSON.parse(options!.client!) as string[];
      order.push(user!);
      return given;
    };
    const ask = async (user: string): Promise<number> => {
      const body = JSON.stringify({ model: TINY, prompt: "Hi", max_tokens: 1, user });
      const response = await fetch(`${url}/v1/completions`, { method: "POST", body });
      await response.text();
      return response.status;
    };
    const statuses = Promise.all([...Array.from({ length: 7 }, () => ask("many")), ask("once")]);
    // Refused as one too many when all wait; until then for having left already.
    for (let refused: unknown; !(refused instanceof Unavailable);) {
      refused = await lease(model, { signal: AbortSignal.abort() }).catch((error: unknown) => error);
    }
    held.release();
    assert.deepEqual(await statuses, Array(8).fill(200));
    assert.ok(order.indexOf("once") <= 1, order.join(" "));
  } finally {
    await serving.close();
  }
});
