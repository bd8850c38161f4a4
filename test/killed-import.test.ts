import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../src/project/paths.js";
import { kouwen } from "./kouwen.js";
import { weflow } from "./weflow-export.js";

test("an import that is killed again and again goes on, and ends with the same bytes", async () => {
  const home = await mkdtemp(join(tmpdir(), "kouwen-killed-import-"));
  try {
    const chats = join(home, "chats");
    await mkdir(chats);
    for (let chat = 0; chat < 6; chat += 1) {
      const messages = Array.from({ length: 20 }, (_, at) => {
        return {
          id: `7${chat}${at}`,
          own: at % 2 === 0,
          time: 1_714_550_400 + at * 60,
          text: `${chat} ${at}`,
        };
      });
      const content = weflow(messages, { id: `wxid_${chat}`, name: `n${chat}` });
      await writeFile(join(chats, `${chat}.json`), JSON.stringify(content));
    }
    const run = (project: string, killAt: number, list = "") =>
      kouwen(["import", chats, "--project", project], home, {
        preload: join(packageRoot, "dist/test/kill-at.js"),
        env: {
          KOUWEN_TEST_FOLDER: join(home, project),
          KOUWEN_TEST_KILL: String(killAt),
          KOUWEN_TEST_COUNT: list,
        },
      });
    const list = join(home, "operations.txt");
    const whole = await run("whole", -1, list);
    assert.equal(whole.code, 0, whole.stderr);
    const operations = (await readFile(list, "utf8")).trim().split("\n");
    const segments = operations.filter((line) => /^rename .*\.segment$/.test(line)).length;
    assert.equal(segments, 6);

    // Each time a little later, until it gets through: within a segment, between two, at the messages and at the report.
    let made = 0;
    for (let killAt = 20; ; killAt += 25) {
      const { code, stderr } = await run("killed", killAt);
      const left = await readdir(join(home, "killed", "import.spool")).catch((): string[] => []);
      const now = left.filter((name) => name.endsWith(".segment")).length;
      if (code !== null) {
        assert.equal(code, 0, stderr);
        break;
      }
      if (left.length > 0) {
        assert.ok(now >= made, "what was whole is kept");
        made = now;
      }
    }
    const names = (await readdir(join(home, "killed"))).sort();
    assert.deepEqual(names, (await readdir(join(home, "whole"))).sort());
    const bytes = (project: string) => readFile(join(home, project, "messages.jsonl"), "utf8");
    assert.equal(await bytes("killed"), await bytes("whole"));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
