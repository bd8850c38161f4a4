import assert from "node:assert/strict";
import { test } from "node:test";
import { clientConfig, type Serving } from "./client-config.js";

const serving: Serving = { url: "http://127.0.0.1:11434", model: "remy-q4", needsKey: false };
const vllm = {
  model: "/p/it's here/model",
  base: "/base",
  adapter: { folder: "/p/adapter", rank: 20 },
  chatTemplate: "/p/t.jinja",
};

for (const client of ["page-assist", "open-webui", "chatbox", "lobechat", "astrbot", "langbot"]) {
  test(`${client} is told where the server is, and of a key by the name of its variable only`, () => {
    assert.match(clientConfig(client, serving), /http:\/\/127\.0\.0\.1:11434/);
    assert.doesNotMatch(clientConfig(client, serving), /KOUWEN_API_KEY/);
    if (client !== "lobechat")
      assert.match(clientConfig(client, { ...serving, needsKey: true }), /KOUWEN_API_KEY/);
  });
}

test("what AstrBot is to be given is JSON whose model belongs to its source", () => {
  const text = clientConfig("astrbot", serving);
  const { provider_sources: sources, provider } = JSON.parse(
    text.slice(text.indexOf("\n{") + 1, text.lastIndexOf("\n}") + 2),
  );
  assert.deepEqual(sources[0].key, ["kouwen"]);
  assert.equal(sources[0].api_base, "http://127.0.0.1:11434/v1");
  assert.equal(provider[0].provider_source_id, sources[0].id);
  assert.equal(provider[0].model, "remy-q4");
});

test("vLLM is given our chat template, paths quoted for a shell, and a bound for ranks that it takes", () => {
  const text = clientConfig("vLLM", { ...serving, vllm });
  assert.match(text, /vllm serve '\/p\/it'\\''s here\/model' .*--chat-template \/p\/t\.jinja/);
  assert.doesNotMatch(clientConfig("vLLM", { ...serving, vllm: { ...vllm, adapter: null } }), /lora/);
  assert.match(text, /--max-lora-rank 32 --lora-modules kouwen=\/p\/adapter --chat-template \/p\/t\.jinja/);
});

test("an unknown client is told which are known", () => {
  assert.throws(
    () => clientConfig("constructor", serving),
    /"constructor" is none of page-assist, .*, vllm\./,
  );
});
