import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Unsupported } from "../errors.js";
import { belongs, type CheckpointNote, type Identity } from "./checkpoint.js";
import { trainSettings } from "./settings.js";

function identity(settings: Record<string, unknown> = {}): Identity {
  return { settings: trainSettings.parse(settings), data: "d", base: "b" };
}

function stopped(identity: Identity): CheckpointNote {
  const arithmetic = { precision: "exact", int8Products: false, runTokens: 1024 } as const;
  return { step: 1, identity, arithmetic, history: [], bestStep: 0, finished: false };
}

/** An identity as a version before the setting wrote it. */
function without(setting: string): Identity {
  const { settings, ...rest } = identity();
  const kept = Object.fromEntries(Object.entries(settings).filter(([key]) => key !== setting));
  return { ...rest, settings: kept as Identity["settings"] };
}

describe("the identity of a training", () => {
  test("every setting that changes the result is compared, and named when it differs", () => {
    const changes: [Record<string, unknown>, RegExp][] = [
      [{ rank: 8 }, /: rank was changed from 16 to 8 since/],
      [{ rslora: true }, /: rslora was changed from false to true since/],
      [{ loraPlusRatio: 16 }, /: loraPlusRatio was changed from 1 to 16 since/],
      [{ dropout: 0.1 }, /: dropout was changed from 0 to 0.1 since/],
      [{ neftuneAlpha: 5 }, /: neftuneAlpha was changed from 0 to 5 since/],
      [{ replayShare: 0.1 }, /: replayShare was changed from 0 to 0.1 since/],
    ];
    for (const [change, message] of changes) {
      assert.throws(
        () => belongs(stopped(identity()), identity(change)),
        (error) => {
          assert.ok(error instanceof Unsupported);
          assert.match(error.message, message);
          return true;
        },
      );
      assert.ok(belongs(stopped(identity(change)), identity(change)));
    }
  });

  test("a checkpoint from before a setting counts as having its default", () => {
    assert.ok(belongs(stopped(without("rslora")), identity()));
    assert.throws(
      () => belongs(stopped(without("rslora")), identity({ rslora: true })),
      /rslora was changed/,
    );
  });

  test("the dialogues, the base and the adapter to start from count too; what came to its end stands in nobody's way", () => {
    for (const [part, message] of [
      ["data", /: the dialogues have changed since/],
      ["base", /: the base model has changed since/],
      ["adapter", /: the adapter to start from has changed since/],
    ] as const) {
      const changed = { ...identity(), [part]: "other" };
      assert.throws(() => belongs(stopped(identity()), changed), message);
      assert.equal(belongs({ ...stopped(identity()), finished: true }, changed), false);
    }
    assert.ok(belongs({ ...stopped(identity()), finished: true }, identity()));
  });
});
