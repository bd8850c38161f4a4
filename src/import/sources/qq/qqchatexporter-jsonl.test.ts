import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleExport } from "../../../../test/example-export.js";
import { memoryFile, readSource, sniffFile } from "../../../../test/read-source.js";
import { said } from "../../../../test/said.js";
import { readHead } from "../../find-files.js";
import { qqchatexporterJson } from "./qqchatexporter-json.js";
import { qqchatexporterJsonl } from "./qqchatexporter-jsonl.js";

const example = (path: string) => exampleExport("qqchatexporter-jsonl", `friend_10002_chunked_jsonl/${path}`);
const first = example("chunks/c000001.jsonl");
const manifest = example("manifest.json");

test("chunks are known by their lines; what lies beside them goes with them", async () => {
  assert.ok((await sniffFile(qqchatexporterJsonl, first)) >= 0.9);
  for (const file of [manifest, example("avatars.json")]) {
    assert.ok(qqchatexporterJsonl.isCompanion!(await readHead(memoryFile(file))), file.path);
    assert.equal(await sniffFile(qqchatexporterJsonl, file), 0);
  }
  assert.equal(qqchatexporterJsonl.isCompanion!(await readHead(memoryFile(first))), false);
  const elsewhere = { ...example("avatars.json"), path: "photos/avatars.json" };
  assert.equal(qqchatexporterJsonl.isCompanion!(await readHead(memoryFile(elsewhere))), false);
});

test("the manifest is no chat of its own", async () => {
  assert.equal(await sniffFile(qqchatexporterJson, manifest), 0);
});

test("the manifest says whose chat it is; a broken line is a problem", async () => {
  const read = await readSource(qqchatexporterJsonl, first, {}, [manifest]);
  assert.deepEqual(said(read.messages), [
    "-- 小满 text: 到了没",
    "me 阿泽 text: 快了[微笑]",
    "-- 小满 image: [图片] 看这个好看吗",
  ]);
  assert.deepEqual(read.problems, ["line 3: not JSON"]);
  assert.equal(read.messages[0]!.conversation.id, "10002");
});

test("without a manifest, or with a broken one, the owner stays open", async () => {
  for (const beside of [[], [{ path: "manifest.json", content: '{"chatInfo":' }]]) {
    const named = { name: "小满", accountId: null };
    const read = await readSource(qqchatexporterJsonl, first, { named }, beside);
    assert.deepEqual([read.messages.length, read.messages[1]!.owner], [3, null]);
    assert.equal(read.messages[0]!.conversation.name, "小满");
    assert.equal(read.notes.length, 1);
  }
});
