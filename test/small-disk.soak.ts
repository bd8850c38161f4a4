import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from "node:fs";
import { mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { artifactPath } from "../src/project/paths.js";
import { sizeBytes } from "../src/project/space.js";
import { type Road, saysDiskIsFull, STAGES, type StageName, walkRoad } from "./stage-by-stage.js";

// A real disk that fills up: a file system in memory, mounted where this machine allows it.
const DISK_MIB = 64;

let mounted: string | undefined;
let road: Road;
before(async () => {
  const folder = await mkdtemp(join(tmpdir(), "kouwen-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_MIB}m`, "tmpfs", folder], { stdio: "ignore" });
    mounted = folder;
    road = await walkRoad();
  } catch (error) {
    if (mounted) throw error;
    await rm(folder, { recursive: true });
  }
});
after(async () => {
  if (!mounted) return;
  execFileSync("umount", ["-l", mounted]);
  await rm(mounted, { recursive: true });
  await road.close();
});

/** Takes all of the disk but so many bytes. */
function takeAllBut(path: string, room: number): void {
  const file = openSync(path, "w");
  const chunk = Buffer.alloc(1 << 16);
  let size = 0;
  try {
    for (;;) size += writeSync(file, chunk);
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, "ENOSPC");
  }
  ftruncateSync(file, Math.max(0, size - room));
  closeSync(file);
}

/** Half of what the stage writes. */
async function halfOf(stage: StageName): Promise<number> {
  const whole = join(road.home, "whole", "remy");
  let bytes = 0;
  for (const artifact of road.artifacts(stage)) bytes += await sizeBytes(artifactPath(whole, artifact));
  return bytes >> 1;
}

for (const stage of STAGES) {
  test(`${stage}: a real disk with room for half of what it writes`, async (context) => {
    if (!mounted) return context.skip("this machine does not let us mount a file system");
    const folder = join(mounted, "remy");
    const ballast = join(mounted, "ballast");
    await road.restore(folder, stage);
    await mkdir(folder, { recursive: true });
    const room = await halfOf(stage);
    let full = false;
    // Not before the stage is at work: it would refuse to begin.
    const fill = () => {
      if (!full) takeAllBut(ballast, room);
      full = true;
    };
    const run =
      stage === "import" || stage === "dialogue"
        ? (fill(), road.run(folder, stage))
        : road.run(folder, stage, { onProgress: fill });
    try {
      await assert.rejects(run, (error) => saysDiskIsFull(error, mounted!));
      await road.check(folder, stage, `${stage} on a full disk`, true);
      assert.ok((await stat(ballast)).size > 0);
    } finally {
      rmSync(ballast, { force: true });
    }
    await road.run(folder, stage);
    await road.check(folder, stage, `${stage} with room again`, false);
  });
}
