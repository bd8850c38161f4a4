import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { test } from "node:test";
import { describeFileError, describeUnexpected } from "./file-error.js";

const here = fileURLToPath(import.meta.url);

test("a file that the system refuses is told by its name only", async () => {
  const told: (string | undefined)[] = [];
  for (const work of [() => readFile(join(here, "..")), () => mkdir(join(here, "project"))]) {
    told.push(await work().then(() => "no error", describeFileError));
  }
  const next = "Choose another folder, as with --project or KOUWEN_HOME, or mend its permissions.";
  // Node gives no path where it is a read that fails.
  assert.deepEqual(told, [
    undefined,
    `project: lies below something that is no folder (ENOTDIR, mkdir). ${next}`,
  ]);
  const refused = Object.assign(new Error("x"), { code: "EROFS", path: "/secret/p/.lock", syscall: "open" });
  assert.equal(describeFileError(refused), `.lock: lies on a read-only disk (EROFS, open). ${next}`);
  assert.equal(describeFileError(new Error("x")), undefined);
  assert.equal(describeFileError(null), undefined);
});

test("of an error that nobody expected no folder is told", async () => {
  const missing = await readFile(join(here, "..", "none.json")).then(
    () => assert.fail(),
    (error: Error) => error,
  );
  assert.equal(describeUnexpected(missing), "ENOENT: no such file or directory, open 'none.json'");
  assert.equal(describeUnexpected(new Error("one\ntwo")), "one");
});
