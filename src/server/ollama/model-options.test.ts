import assert from "node:assert/strict";
import { test } from "node:test";
import { checkOptions } from "./model-options.js";

test("known options are kept, fractions of whole numbers cut; unknown ones, nulls and truths are left out", () => {
  const given = {
    temperature: 0.5,
    top_k: 7.9,
    stop: ["#"],
    seed: null,
    wings: 2,
    use_mmap: true,
    constructor: 1,
  };
  assert.deepEqual(checkOptions(given), { temperature: 0.5, top_k: 7, stop: ["#"] });
});

test("another type is refused with Ollama's words", () => {
  refuse({ temperature: "hot" }, 'option "temperature" must be of type float32');
  refuse({ top_k: "7" }, 'option "top_k" must be of type integer');
  refuse({ use_mmap: 1 }, 'option "use_mmap" must be of type boolean');
  refuse({ stop: "#" }, 'option "stop" must be of type array');
  refuse({ stop: [1] }, 'option "stop" must be of an array of strings');
});

function refuse(options: Record<string, unknown>, message: string): void {
  assert.throws(() => checkOptions(options), { status: 400, message });
}
