import assert from "node:assert/strict";
import { test } from "node:test";
import { createProgressBar, progressLine } from "./progress-bar.js";

function shown(isTTY: boolean): string[] {
  const written: string[] = [];
  const stream = { isTTY, columns: 80, write: (text: string) => written.push(text) > 0 };
  let time = 0;
  const bar = createProgressBar(stream as unknown as NodeJS.WriteStream, () => time);
  const steps: [number, string, number][] = [
    [0, "bytes", 0],
    [4, "bytes", 50],
    [6, "messages", 0],
    [9, "messages", 40],
    [12, "messages", 70],
    [13, "messages", 100],
  ];
  for (const [seconds, unit, done] of steps) {
    time = seconds * 1000;
    bar.show({ stage: "import", done, total: 100, unit });
  }
  return written.filter((text) => text.startsWith("import"));
}

test("on a terminal every step is seen, in a log only what takes long", () => {
  assert.equal(shown(true).length, 6);
  assert.deepEqual(shown(false), [
    "import     ━━━━━━━━━━━━━━━━━───────   70 %  70/100 messages  12/s  0:03 left\n",
  ]);
});

test("bytes are told as such, with speed and the time left", () => {
  const fetched = { stage: "base", done: 1.2e9, total: 3.1e9, unit: "bytes", note: "huggingface.co" };
  assert.equal(
    progressLine(fetched, 100, 1e9),
    "base       ━━━━━━━━━───────────────   38 %  1.2G/3.1GB  10.0MB/s  3:10 left  huggingface.co",
  );
});
