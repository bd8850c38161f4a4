import assert from "node:assert/strict";
import { mkdir, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { LimitExceeded, MalformedInput, Unavailable } from "./errors.js";
import { diskFull, parseJson, readJson } from "./files.js";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "kouwen-files-"));
});
after(() => rm(folder, { recursive: true, force: true }));

test("a file that is not there, or is a folder, is named without its place on the disk", async () => {
  await mkdir(join(folder, "config.json"));
  for (const name of ["config.json", "adapter_config.json"]) {
    await assert.rejects(readJson(join(folder, name), "merge"), (error) => {
      assert.ok(error instanceof Unavailable);
      assert.equal(
        error.message,
        `merge ${name}: the file cannot be opened. Check that it is there and readable.`,
      );
      return true;
    });
  }
});

test("a file longer than any that we know is refused unread", async () => {
  const path = join(folder, "huge.json");
  const handle = await open(path, "w");
  // Takes no room on the disk.
  await handle.truncate(2 ** 40);
  await handle.close();
  await assert.rejects(readJson(path, "train"), (error) => {
    assert.ok(error instanceof LimitExceeded);
    assert.match(error.message, /^train huge\.json: 1099511627776 bytes \(at most 134217728\)\. /);
    return true;
  });
});

test("a text nested deeper than a stack is refused, however it goes on; brackets in strings do not count", () => {
  for (const text of ["[".repeat(1e7), '{"a":'.repeat(300), `["\\"",${"[".repeat(300)}`]) {
    assert.throws(
      () => parseJson(text, "base", "x.json"),
      (error) => {
        assert.ok(error instanceof MalformedInput);
        assert.match(error.message, /^base x\.json: nested more than 200 levels deep\. /);
        return true;
      },
    );
  }
  const brackets = '[[{"\\\\'.repeat(300);
  assert.deepEqual(parseJson(JSON.stringify([brackets, []]), "base", "x.json"), [brackets, []]);
  assert.deepEqual(
    parseJson(`${"[".repeat(200)}${"]".repeat(200)}`, "base", "x.json"),
    JSON.parse(`${"[".repeat(200)}${"]".repeat(200)}`),
  );
});

function told(code: string): string | undefined {
  return diskFull(Object.assign(new Error("x"), { code }), "gguf", "/a/model.gguf")?.message;
}

test("a file that its disk does not take is told apart from a full disk", () => {
  assert.match(
    told("EFBIG")!,
    /^gguf model\.gguf: the file is larger than its disk .* allows\. Choose a folder on/,
  );
  assert.match(told("EDQUOT")!, /^gguf model\.gguf: no space left on the disk\. Free some/);
  assert.equal(told("EIO"), undefined);
});
