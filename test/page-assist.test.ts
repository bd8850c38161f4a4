import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Serving, startServing, TINY } from "./serving.js";

// What Page Assist 1.5.72 sends and how it reads: reference page on serving, sections 1.1 and 1.2.
const REWRITTEN = { origin: "http://127.0.0.1", "content-type": "application/json" };
const EXTENSION = { ...REWRITTEN, origin: "chrome-extension://jfgfiigpkhlkbnfnbobbkinehhfdhndo" };

type Line = { message?: { content: string }; response?: string; done: boolean; [key: string]: unknown };

let serving: Serving;
before(async () => {
  serving = await startServing();
});
after(() => serving.close());

/** A turn as its built-in provider writes it: text parts, each after a line break. */
function turn(role: string, ...parts: string[]): { role: string; content: string; images: string[] } {
  return {
    role,
    content: role === "system" ? parts.join("") : parts.map((text) => `\n${text}`).join(""),
    images: [],
  };
}

function post(path: string, body: object, init: RequestInit = {}): Promise<Response> {
  return fetch(`${serving.url}${path}`, {
    method: "POST",
    headers: REWRITTEN,
    body: JSON.stringify(body),
    ...init,
  });
}

/** Reads as it does: each read decoded on its own, a last line without its end dropped, the last object's text unseen. */
async function read(response: Response): Promise<{ text: string; end: Line | undefined }> {
  let held = "";
  let text = "";
  let end: Line | undefined;
  for await (const bytes of response.body!) {
    held += new TextDecoder().decode(bytes as Uint8Array);
    const lines = held.split("\n");
    held = lines.pop()!;
    for (const line of lines) {
      const value = JSON.parse(line) as Line;
      if (value.done) end = value;
      else text += value.message ? value.message.content : value.response!;
    }
  }
  return { text, end };
}

const options = { temperature: 0, num_predict: 24, seed: 3, top_k: null, num_gpu: 1, use_mlock: false };

test("Page Assist starts, chats, and is told what a reply took", async () => {
  for (const headers of [REWRITTEN, EXTENSION]) {
    assert.equal((await fetch(`${serving.url}/`, { headers })).status, 200);
    const tags = await fetch(`${serving.url}/api/tags`, { headers });
    const { models } = (await tags.json()) as { models: { name: string; model: string; details: object }[] };
    const [model] = models.filter(({ name }) => name === TINY);
    assert.equal(model?.model, TINY);
    const { version } = (await (await fetch(`${serving.url}/api/version`, { headers })).json()) as {
      version: string;
    };
    assert.match(version, /^\d+\.\d+\.\d+$/);

    const messages = [
      turn("system", "You text Ada."),
      turn("user", "Did you", "sleep?"),
      turn("assistant", "Yes."),
      turn("user", "Good."),
    ];
    const response = await post(
      "/api/chat",
      { model: TINY, messages, options, keep_alive: "5m" },
      { headers },
    );
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("access-control-allow-origin"), headers.origin);
    const { text, end } = await read(response);
    assert.ok(end, "the last line has its end");
    for (const key of [
      "total_duration",
      "load_duration",
      "prompt_eval_count",
      "prompt_eval_duration",
      "eval_count",
      "eval_duration",
    ]) {
      assert.equal(typeof end[key], "number", key);
    }
    const plain = messages.map(({ role, content }) => ({ role, content: content.replace(/^\n/, "") }));
    const whole = await post("/api/chat", { model: TINY, messages: plain, options, stream: false });
    const { message } = (await whole.json()) as Line;
    assert.equal(text, message!.content, "the line breaks it adds make no difference, and no text is lost");
  }
});

test("a model that is gone costs it two requests and shows why", async () => {
  const messages = [turn("user", "Hi")];
  const chat = await post("/api/chat", { model: "gone:latest", messages, options });
  assert.equal(chat.status, 404);
  const body = { model: "gone:latest", messages, options, prompt: "<s>[INST] Hi [/INST]" };
  const fallback = await post("/api/generate", body);
  assert.equal(fallback.status, 404);
  assert.match(((await fallback.json()) as { error: string }).error, /gone/);
  const answered = await read(await post("/api/generate", { ...body, model: TINY }));
  assert.ok(answered.end);
});

test("its second kind of provider lists under /v1 and chats under /v1/api", async () => {
  const list = await fetch(`${serving.url}/v1/models`, { headers: EXTENSION });
  const { data } = (await list.json()) as { data: { id: string }[] };
  assert.ok(data.some(({ id }) => id === TINY));
  const { end } = await read(
    await post("/v1/api/chat", { model: TINY, messages: [turn("user", "Hi")], options }),
  );
  assert.ok(end);
});

test("it gets vectors for texts, all at once and one by one", async () => {
  const input = ["The tickets are here.", "Bring milk."];
  const all = await post("/api/embed", { model: TINY, input, keep_alive: "5m", options: {} });
  const { embeddings } = (await all.json()) as { embeddings: number[][] };
  assert.equal(embeddings.length, 2);
  const one = await post("/api/embed", { model: TINY, input: input[0] });
  assert.deepEqual(((await one.json()) as { embeddings: number[][] }).embeddings, [embeddings[0]]);
});

test("a reply that it stops makes room for the next one", async () => {
  const crowded = await startServing({ pool: { parallel: 1 } });
  try {
    const stop = new AbortController();
    const messages = [turn("user", "Tell me all")];
    const ask = (signal?: AbortSignal, more: object = {}): Promise<Response> =>
      fetch(`${crowded.url}/api/chat`, {
        method: "POST",
        headers: REWRITTEN,
        body: JSON.stringify({ model: TINY, messages, options: { ...options, num_predict: -1, ...more } }),
        ...(signal && { signal }),
      });
    const first = await ask(stop.signal);
    const reader = first.body!.getReader();
    await reader.read();
    const next = ask(undefined, { num_predict: 2 });
    stop.abort();
    await assert.rejects(async () => {
      for (;;) if ((await reader.read()).done) return;
    });
    // With room for one answer only, the second is answered because the first has ended.
    assert.ok((await read(await next)).end);
    assert.equal(crowded.pool.residents().length, 1);
    assert.deepEqual(crowded.log, []);
  } finally {
    await crowded.close();
  }
});

test("it pulls what is there, and deletes by the old name of the field what was made of it", async () => {
  const response = await post("/api/pull", { model: TINY, stream: true });
  const lines = (await response.text()).trimEnd().split("\n");
  assert.equal((JSON.parse(lines.at(-1)!) as { status: string }).status, "success");
  assert.equal((await post("/api/copy", { source: TINY, destination: "mine" })).status, 200);
  const removed = await post("/api/delete", { name: "mine:latest" }, { method: "DELETE" });
  assert.equal(removed.status, 200);
  const again = await post("/api/delete", { name: "mine:latest" }, { method: "DELETE" });
  assert.equal(again.status, 404);
});
