import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

// 2.2 GiB are more than a string or a buffer of Node 20 can hold.
for (const reader of ["lines", "json", "csv"]) {
  test(`2.2 GiB are read by ${reader} in a heap of 96 MiB`, () => {
    const main = fileURLToPath(new URL("huge-file-main.js", import.meta.url));
    const child = spawnSync(process.execPath, ["--max-old-space-size=96", main, reader], {
      encoding: "utf8",
    });
    assert.equal(child.status, 0, child.stderr.slice(-500));
    const { found, expected, problems, peakMiB } = JSON.parse(child.stdout) as Record<string, number>;
    assert.equal(found, expected);
    assert.equal(problems, 0);
    console.log(`${reader}: ${found} read, ${peakMiB} MiB at the peak`);
    assert.ok(peakMiB! < 256, `${peakMiB} MiB at the peak`);
  });
}
