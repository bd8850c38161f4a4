import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { projectModels } from "./project-models.js";

test("a project offers what it has, with the room and for the people that were asked for", async () => {
  const project = await mkdtemp(join(tmpdir(), "kouwen-offer-"));
  const write = (name: string, text: string) => writeFile(join(project, name), text);
  try {
    await write("kouwen.json", JSON.stringify({ kouwen: 1, settings: { chat: { temperature: 0.3 } } }));
    await write("import.json", JSON.stringify({ owner: { name: "Remy" } }));
    const told = ["Dez", "June", "June"].map((contact) =>
      JSON.stringify({ contact, system: `to ${contact}` }),
    );
    await write("dialogues.jsonl", `${told.join("\n")}\n`);
    await write("model-q4_k_m.gguf", "weights");
    await write("base-f16.gguf", "weights");

    const few = await projectModels([project], { perContact: false, contextTokens: 8192 });
    assert.deepEqual(
      few.map(({ name, system, tuned }) => [name, system, tuned]),
      [
        ["remy-q4:latest", "to June", true],
        ["remy-base:latest", "to June", false],
      ],
    );
    assert.equal(few[0]!.parameters["num_ctx"], 8192);
    assert.equal(few[0]!.parameters["temperature"], 0.3);

    const all = await projectModels([project], { perContact: true, contextTokens: 4096 });
    assert.deepEqual(
      all.map(({ name }) => name),
      ["remy-q4:latest", "remy-q4:june", "remy-q4:dez", "remy-base:latest"],
    );
    assert.equal(new Set(all.map(({ digest }) => digest)).size, all.length);
  } finally {
    await rm(project, { recursive: true });
  }
});
