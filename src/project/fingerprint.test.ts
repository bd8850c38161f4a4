import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fingerprint } from "./fingerprint.js";

test("a link that leads nowhere is passed over", async () => {
  const root = await mkdtemp(join(tmpdir(), "fingerprint-"));
  try {
    await writeFile(join(root, "chat.json"), "[]");
    const before = await fingerprint(root, {});
    await symlink(join(root, "gone"), join(root, "link"));
    assert.equal(await fingerprint(root, {}), before);
  } finally {
    await rm(root, { recursive: true });
  }
});

test("a model in Hugging Face's cache stays the same when another program adds what it needs, and not when it changes", async () => {
  const root = await mkdtemp(join(tmpdir(), "fingerprint-"));
  try {
    const repo = join(root, "models--someone--tiny");
    const snapshot = join(repo, "snapshots", "0123456789abcdef0123456789abcdef01234567");
    const plain = join(root, "plain");
    for (const folder of [snapshot, plain, join(repo, "blobs")]) await mkdir(folder, { recursive: true });
    await writeFile(join(repo, "blobs", "one"), "weights");
    await symlink(join("..", "..", "blobs", "one"), join(snapshot, "model.safetensors"));
    await writeFile(join(plain, "model.safetensors"), "weights");
    const before = await fingerprint(snapshot, {});
    assert.equal(before, await fingerprint(plain, {}));
    for (const folder of [snapshot, plain]) {
      await writeFile(join(folder, "vocab.json"), "{}");
      await mkdir(join(folder, "onnx"));
      await writeFile(join(folder, "onnx", "model.onnx"), "onnx");
    }
    assert.equal(await fingerprint(snapshot, {}), before);
    assert.notEqual(await fingerprint(plain, {}), before);
    await writeFile(join(snapshot, "tokenizer.json"), "{}");
    assert.notEqual(await fingerprint(snapshot, {}), before);
  } finally {
    await rm(root, { recursive: true });
  }
});
