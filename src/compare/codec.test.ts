import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { templateFor } from "../formats/template/chat-template.js";
import { encodeDialogue } from "../formats/template/encode.js";
import { loadTokenizer } from "../formats/tokenizer/tokenizer.js";
import { writeTinyModel } from "../../test/tiny-model.js";
import { readCodec } from "./codec.js";
import { encodePrompt } from "./encoded-prompt.js";
import { heldOutDialogue } from "../../test/fake-host.js";
import { listPrompts } from "./prompts.js";

test("a prompt and its reply are the ids that training saw, and long prompts lose their oldest turns", async () => {
  const folder = await mkdtemp(join(tmpdir(), "kouwen-"));
  try {
    await writeTinyModel(folder, { architecture: "qwen2", tied: true, seed: 1 });
    const codec = await readCodec(folder);
    assert.equal(codec.template, "chatml");
    assert.equal(codec.contextTokens, 2048);

    const dialogue = heldOutDialogue("d", "June", ["好的 <|im_end|> ok", "see you\nthere 😂"]);
    const last = listPrompts([dialogue], 8).at(-1)!;
    const encoded = encodePrompt(last, codec, 64, 1)!;
    const tokenizer = await loadTokenizer(folder, "test");
    const training = encodeDialogue(tokenizer, templateFor(tokenizer, "test"), dialogue);
    const ids = [...encoded.promptIds, ...encoded.replyIds];
    assert.deepEqual(ids, training.ids.slice(0, ids.length));
    assert.ok(codec.stopIds.includes(ids.at(-1)!));
    assert.equal(codec.decode(encoded.replyIds), "see you\nthere 😂<|im_end|>");

    const room = encodePrompt(last, codec, 2048 - encoded.promptIds.length, 1)!;
    assert.equal(room.context.length, 3);
    const tight = encodePrompt(last, codec, 2049 - encoded.promptIds.length, 1)!;
    assert.equal(tight.context.length, 1);
    assert.equal(encodePrompt(last, codec, 2048, 1), null);
  } finally {
    await rm(folder, { recursive: true });
  }
});
