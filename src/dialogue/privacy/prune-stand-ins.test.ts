import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { message } from "../../../test/message.js";
import type { Message } from "../../import/message.js";
import { protect } from "./protect.js";
import { pruneStandIns } from "./prune-stand-ins.js";
import { StandIns } from "./stand-ins.js";

test("originals that only a forgotten chat held are gone; those that others hold keep their stand-ins", async () => {
  const folder = await mkdtemp(join(tmpdir(), "prune-"));
  const path = join(folder, "stand-ins.json");
  const gone = [
    message({ contact: "Beatrix", sender: "Beatrix", text: "call 13812345678" }),
    message({ contact: "Beatrix", sender: "Beatrix", text: "or 13987654321" }),
  ];
  const ada = [
    message({ contact: "Adelaide", sender: "Adelaide", text: "13987654321 is Beatrix's" }),
    message({ contact: "Adelaide", sender: "Remy", owner: true, text: "thanks" }),
  ];
  const texts = async (messages: Message[]) => {
    const standIns = await StandIns.open(path);
    const safe = await protect(messages, { policy: "stand-in", standIns });
    await standIns.save(path);
    return safe.messages.map(({ text }) => text);
  };
  try {
    assert.equal(await pruneStandIns(path, ada), 0, "no file, nothing to do");
    const before = (await texts([...gone, ...ada])).slice(2);
    assert.equal(await pruneStandIns(path, ada), 1);
    const { standIns } = JSON.parse(await readFile(path, "utf8"));
    assert.deepEqual(Object.keys(standIns.mobile), ["13987654321"]);
    assert.deepEqual(Object.keys(standIns.name).sort(), ["adelaide", "beatrix", "remy"], "she is mentioned");
    assert.deepEqual(await texts(ada), before);
    assert.equal(await pruneStandIns(path, ada), 0);
  } finally {
    await rm(folder, { recursive: true });
  }
});
