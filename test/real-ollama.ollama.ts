import assert from "node:assert/strict";
import { test } from "node:test";
import { OLLAMA_VERSION, startOllama } from "./real-ollama.js";

test("a real Ollama starts without a model and is gone once closed", async () => {
  const ollama = await startOllama();
  try {
    const version = await (await fetch(`${ollama.url}/api/version`)).json();
    assert.deepEqual(version, { version: OLLAMA_VERSION });
    const tags = await (await fetch(`${ollama.url}/api/tags`)).json();
    assert.deepEqual(tags, { models: [] });
  } finally {
    await ollama.close();
  }
  await assert.rejects(fetch(ollama.url));
});
