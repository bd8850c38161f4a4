import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { MalformedInput } from "../../errors.js";
import { detectors } from "./detectors.js";
import { code } from "./detectors/code.js";
import { mobile } from "./detectors/mobile.js";
import { name } from "./names/name.js";
import { StandIns } from "./stand-ins.js";

const root = await mkdtemp(join(tmpdir(), "stand-ins-"));
after(() => rm(root, { recursive: true }));
const secret = Buffer.alloc(32, 7);

test("two originals never share a stand-in, none equals any original, and the same secret gives the same", () => {
  const originals = fc.uniqueArray(fc.stringMatching(/^\d{4}$/), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(originals, (list) => {
      const standIns = StandIns.begin(secret);
      standIns.reserve(list);
      const given = list.map((original) => standIns.of(code, original));
      assert.equal(new Set(given).size, list.length);
      assert.ok(given.every((one) => !list.includes(one)));
      assert.deepEqual(
        list.map((original) => standIns.of(code, original)),
        given,
      );
    }),
    { numRuns: 50 },
  );
});

test("more originals than the form has room for get longer stand-ins", () => {
  const standIns = StandIns.begin(secret);
  const list = Array.from({ length: 9000 }, (_, at) => String(at + 1000));
  standIns.reserve(list);
  const given = new Set(list.map((original) => standIns.of(code, original)));
  assert.equal(given.size, list.length);
});

test("the stand-in depends on the secret of the project", () => {
  const [one, other] = [StandIns.begin(), StandIns.begin()].map((standIns) =>
    standIns.of(mobile, "13812345678"),
  );
  assert.notEqual(one, other);
});

test("kept in a file for its owner alone, and given again in a later run with more originals", async () => {
  const path = join(root, "project", "private", "stand-ins.json");
  const first = await StandIns.open(path);
  first.reserve(["13812345678"]);
  const standIn = first.of(mobile, "13812345678");
  await first.save(path);
  if (process.platform !== "win32") {
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.equal((await stat(join(root, "project", "private"))).mode & 0o777, 0o700);
  }
  const later = await StandIns.open(path);
  later.reserve(["13912345678", "13812345678"]);
  assert.notEqual(later.of(mobile, "13912345678"), standIn);
  assert.equal(later.of(mobile, "13812345678"), standIn);
  const before = await readFile(path, "utf8");
  await later.save(path);
  assert.notEqual(await readFile(path, "utf8"), before);
});

test("an original that equals a stand-in given earlier makes that one change", () => {
  const standIns = StandIns.begin(secret);
  const early = standIns.of(name, "Nadia");
  standIns.reserve([early]);
  const late = standIns.of(name, "Nadia");
  assert.notEqual(late, early);
  assert.notEqual(standIns.of(name, early), early);
});

test("what a killed run left is removed, and nothing but the file is there", async () => {
  const path = join(root, "killed", "private", "stand-ins.json");
  await mkdir(join(root, "killed", "private"), { recursive: true });
  await writeFile(`${path}.99.partial`, "half");
  const standIns = await StandIns.open(path);
  standIns.of(mobile, "13812345678");
  await standIns.save(path);
  await assert.rejects(stat(`${path}.99.partial`), { code: "ENOENT" });
});

test("a file that was changed by hand is refused without a word of it", async () => {
  for (const content of ["{", "[]", '{"kouwen":1,"secret":"ab","standIns":{}}', '{"kouwen":1}']) {
    const path = join(root, "broken.json");
    await writeFile(path, content);
    await assert.rejects(
      StandIns.open(path),
      (error) => error instanceof MalformedInput && !error.message.includes("secret"),
    );
  }
});

test("every type has a stand-in of another text", () => {
  for (const detector of detectors) {
    const found = {
      email: "a@b.cn",
      address: "青禾弄18号",
      plate: "浙A12345",
      "bank-account": "GB82WEST12345698765432",
    }[detector.kind as string];
    const original = found ?? "110105194912310021";
    assert.notEqual(StandIns.begin(secret).of(detector, original), original, detector.kind);
  }
});
