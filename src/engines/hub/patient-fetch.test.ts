import assert from "node:assert/strict";
import { it, mock } from "node:test";
import { patientFetch, SILENCE_MS } from "./patient-fetch.js";

it("ends a download that falls silent, and only then", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    let body: ReadableStreamDefaultController<Uint8Array>;
    const base: typeof fetch = (_input, init) => {
      const stream = new ReadableStream<Uint8Array>({ start: (controller) => void (body = controller) });
      init!.signal!.addEventListener("abort", () => body.error(init!.signal!.reason));
      return Promise.resolve(new Response(stream));
    };
    const answer = await patientFetch(base, { kind: "huggingface", url: "http://127.0.0.1" })(
      "http://127.0.0.1/file",
    );
    const reader = answer.body!.getReader();
    for (const text of ["a", "b", "c"]) {
      body!.enqueue(Buffer.from(text));
      assert.equal(String((await reader.read()).value), text);
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
  const fetch = patientFetch(base, { kind: "huggingface", url: "http://127.0.0.1:1", token: "hf_secret" });
  await fetch("http://127.0.0.1:1/api");
  await fetch("http://127.0.0.1:2/large");
  assert.deepEqual(seen, ["Bearer hf_secret", null]);
});

it("asks a busy endpoint again after its pause, a few times, and not after a long one", async () => {
  for (const [pause, busy, status, asked] of [
    ["0", 2, 200, 3],
    ["0", 99, 429, 4],
    ["3600", 99, 429, 1],
  ] as const) {
    let count = 0;
    const busyAtFirst: typeof globalThis.fetch = async () => {
      count += 1;
      const headers = { "retry-after": pause };
      return count > busy ? new Response("file") : new Response("slow down", { status: 429, headers });
    };
    const endpoint = { kind: "huggingface", url: "http://127.0.0.1" } as const;
    const answer = await patientFetch(busyAtFirst, endpoint)("http://127.0.0.1/file");
    await answer.body?.cancel();
    assert.deepEqual([answer.status, count], [status, asked]);
  }
});
