import assert from "node:assert/strict";
import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openReplyStore } from "./reply-store.js";

test("replies survive a reopening, a torn last line does not, and another key starts anew", async () => {
  const folder = await mkdtemp(join(tmpdir(), "kouwen-"));
  try {
    const path = join(folder, "compare.replies", "base.jsonl");
    const reply = { promptId: "a:1", text: "ok\n", cut: false, nats: 1.5 };
    const first = await openReplyStore(path, "key");
    await Promise.all([first.add(reply), first.add({ ...reply, promptId: "b:1" })]);
    await first.close();
    await appendFile(path, '{"promptId":"c:1","te');

    const second = await openReplyStore(path, "key");
    assert.deepEqual([...second.replies.keys()], ["a:1", "b:1"]);
    assert.deepEqual(second.replies.get("a:1"), reply);
    await second.add({ ...reply, promptId: "d:1" });
    await second.close();

    const third = await openReplyStore(path, "key");
    assert.deepEqual([...third.replies.keys()], ["a:1", "b:1", "d:1"]);
    await third.close();

    const other = await openReplyStore(path, "other");
    assert.equal(other.replies.size, 0);
    await other.close();
  } finally {
    await rm(folder, { recursive: true });
  }
});
