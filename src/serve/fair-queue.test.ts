import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { FairQueue } from "./fair-queue.js";

describe("FairQueue", () => {
  it("lets clients in by turns, however many requests each has", async () => {
    const queue = new FairQueue(1);
    const order: string[] = [];
    await queue.enter("first", undefined);
    const all = ["busy", "busy", "busy", "rare"].map(async (who) => {
      await queue.enter(who, undefined);
      order.push(who);
      queue.leave();
    });
    queue.leave();
    await Promise.all(all);
    assert.deepEqual(order, ["busy", "rare", "busy", "busy"]);
    assert.equal(queue.size, 0);
  });

  it("never holds more than it may, and forgets whoever gave up", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.array(fc.record({ who: fc.constantFrom("a", "b", "c"), quits: fc.boolean(), ticks: fc.nat(3) }), {
          maxLength: 20,
        }),
        async (places, visitors) => {
          const queue = new FairQueue(places);
          let inside = 0;
          let most = 0;
          const visits = visitors.map(async ({ who, quits, ticks }) => {
            const quit = new AbortController();
            if (quits) setImmediate(() => quit.abort(new Error("gave up")));
            try {
              await queue.enter(who, quit.signal);
            } catch (error) {
              assert.equal((error as Error).message, "gave up");
              return;
            }
            inside += 1;
            most = Math.max(most, inside);
            for (let tick = 0; tick < ticks; tick += 1) await new Promise(setImmediate);
            inside -= 1;
            queue.leave();
          });
          await Promise.all(visits);
          assert.ok(most <= places);
          assert.equal(queue.size, 0);
        },
      ),
    );
  });
});
