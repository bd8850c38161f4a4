import assert from "node:assert/strict";
import { it, mock } from "node:test";
import { patientFetch, SILENCE_MS } from "./patient-fetch.js";

it("ends a download that falls silent or sends next to nothing, and only then", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    for (const [last, why] of [
      [0, /^Error: fell silent$/],
      [30 * 1024 - 1, /^Error: sends next to nothing$/],
    ] as const) {
      let body: ReadableStreamDefaultController<Uint8Array>;
      const base: typeof fetch = (_input, init) => {
        const stream = new ReadableStream<Uint8Array>({ start: (controller) => void (body = controller) });
        init!.signal!.addEventListener("abort", () => body.error(init!.signal!.reason));
        return Promise.resolve(new Response(stream));
      };
      const endpoint = { kind: "huggingface", url: "http://127.0.0.1" } as const;
      const answer = await patientFetch(base, endpoint)("http://127.0.0.1/file");
      const reader = answer.body!.getReader();
      const pass = async (bytes: number) => {
        body!.enqueue(new Uint8Array(bytes));
        assert.equal((await reader.read()).value!.length, bytes);
      };
      for (let window = 0; window < 3; window += 1) {
        await pass(30 * 1024);
        mock.timers.tick(SILENCE_MS);
      }
      if (last > 0) await pass(last);
      mock.timers.tick(SILENCE_MS - 1);
      const rest = assert.rejects(reader.read(), why);
      mock.timers.tick(1);
      await rest;
    }
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
    ["Wed, 21 Oct 2015 07:28:00 GMT", 2, 200, 3],
    ["Fri, 31 Dec 2100 23:59:59 GMT", 99, 429, 1],
    ["soon", 99, 429, 1],
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
