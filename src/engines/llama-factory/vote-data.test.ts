import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readModelConfig } from "../../formats/model-config.js";
import { trainStageSettings } from "../../train/engine-settings.js";
import { writeTinyModel } from "../../../test/tiny-model.js";
import { readTemplate } from "./template.js";
import { voteData } from "./vote-data.js";

test("kto's rows hold every reply once, and never two of one vote in a row", async () => {
  const folder = await mkdtemp(join(tmpdir(), "kouwen-vote-data-"));
  try {
    const base = join(folder, "base");
    await writeTinyModel(base, { architecture: "llama", tied: true, seed: 1, layers: 1 });
    const lines = Array.from({ length: 200 }, (_, at) => ({
      messages: [{ role: "user", content: `question ${at}` }],
      ...(at % 5 === 0
        ? { reply: `single ${at}`, good: at % 2 === 0 }
        : { chosen: `good ${at}`, rejected: `bad ${at}` }),
    }));
    const votes = join(folder, "votes.jsonl");
    await writeFile(votes, lines.map((line) => JSON.stringify(line)).join("\n"));
    const settings = trainStageSettings.parse({ method: "kto", votes });
    const { template } = await readTemplate(base, await readModelConfig(base, "test"), "test");
    const data = await voteData({ paths: { base, dialogues: "" }, settings, template });
    for (const rows of [data.rows, data.heldOut]) {
      const questions = rows.map((row) => (row["messages"] as { content: string }[])[0]!.content);
      assert.ok(questions.length > 20);
      questions.forEach((question, at) => assert.notEqual(question, questions.at(at - 1)));
    }
    const replies = [...data.rows, ...data.heldOut].map((row) => {
      return (row["messages"] as { content: string }[]).at(-1)!.content;
    });
    assert.equal(new Set(replies).size, 160 * 2 + 40);
    assert.equal(replies.length, 160 * 2 + 40);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
