import assert from "node:assert/strict";
import { it, mock } from "node:test";
import { patientFetch, SILENCE_MS } from "./patient-fetch.js";

it("ends a download that falls silent, and only then", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    let send = (_text: string): void => {};
    const base: typeof fetch = (_input, init) => {
      const body = new ReadableStream({
        start: (controller) => {
          send = (text) => controller.enqueue(Buffer.from(text));
          init!.signal!.addEventListener("abort", () => controller.error(init!.signal!.reason));
        },
      });
      return Promise.resolve(new Response(body));
    };
    const answer = await patientFetch(base, { url: "http://127.0.0.1" })("http://127.0.0.1/file");
    const reader = answer.body!.getReader();
    for (const text of ["a", "b", "c"]) {
      send(text);
      assert.equal(Buffer.from((await reader.read()).value!).toString(), text);
      mock.timers.tick(SILENCE_MS - 1);
    }
    const rest = assert.rejects(reader.read(), /^Error: fell silent$/);
    mock.timers.tick(1);
    await rest;
  } finally {
    mock.timers.reset();
  }
});

it("shows the token to its endpoint only", async () => {
  const seen: (string | null)[] = [];
  const base: typeof fetch = (_input, init) => {
    seen.push(new Headers(init!.headers).get("authorization"));
    return Promise.resolve(new Response(null));
  };
  const fetch = patientFetch(base, { url: "http://127.0.0.1:1", token: "hf_secret" });
  await fetch("http://127.0.0.1:1/api");
  await fetch("http://127.0.0.1:2/large");
  assert.deepEqual(seen, ["Bearer hf_secret", null]);
});
