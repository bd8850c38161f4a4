import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../test/example-export.js";
import { readSource, sniffFile } from "../../../../test/read-source.js";
import { messengerE2eeJson } from "./messenger-e2ee-json.js";

const example = exampleExport("messenger-e2ee-json", "小满_12.json");

test("known by its names of fields; the older format is not it", async () => {
  assert.ok((await sniffFile(messengerE2eeJson, example)) > 0.9);
  const older =
    '{"participants":[{"name":"A"}],"messages":[{"sender_name":"A","timestamp_ms":1}],"title":"A"}';
  assert.equal(await sniffFile(messengerE2eeJson, { path: "a.json", content: older }), 0);
});

test("texts are right as they are; the number behind the name is no part of it", async () => {
  const { messages, owners, problems } = await readSource(messengerE2eeJson, example);
  assert.deepEqual(owners, ["Zé"]);
  assert.deepEqual(messages[0]!.conversation, { id: null, name: "小满", group: false });
  assert.deepEqual(
    messages.map(({ sender, kind, text, originalType }) => [sender, kind, text, originalType]),
    [
      ["小满", "text", "到了没", "text"],
      ["Zé", "text", "https://e.example", "link"],
      ["Zé", "image", "[图片]", "media"],
      ["小满", "recalled", "[撤回]", "text"],
      ["小满", "unknown", "[未知消息]", "placeholder"],
    ],
  );
  assert.equal(messages[1]!.time, 1714550460);
  assert.deepEqual(problems, ["message 6: has no time"]);
});
