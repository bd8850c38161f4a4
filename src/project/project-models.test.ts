import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { projectModels } from "./project-models.js";

/** A project of this person with a Q4_K_M model, and a dialogue with each contact. */
async function makeProject(project: string, owner: string, contacts: readonly string[]): Promise<void> {
  const write = (name: string, text: string) => writeFile(join(project, name), text);
  await mkdir(project, { recursive: true });
  await write("kouwen.json", JSON.stringify({ kouwen: 1 }));
  await write("import.json", JSON.stringify({ owner: { name: owner } }));
  const told = contacts.map((contact) => JSON.stringify({ contact, system: `to ${contact}` }));
  await write("dialogues.jsonl", `${told.join("\n")}\n`);
  await write("model-q4_k_m.gguf", "weights");
}

test("no two models have one name, whatever people and folders are called", async () => {
  const home = await mkdtemp(join(tmpdir(), "kouwen-offer-"));
  try {
    const folders = ["a", "A!", "a?", "a;", "b"].map((name) => join(home, name));
    const owners = ["Aze", "aze", "AZE", "aZe", "Aze-base"];
    for (const [at, folder] of folders.entries()) {
      await makeProject(folder, owners[at]!, ["June", "june", "Latest", "latest", "小雨", "小雪"]);
    }
    await writeFile(join(folders[0]!, "base-q4_k_m.gguf"), "weights");
    const offer = { perContact: true, contextTokens: 4096 };
    const models = await projectModels(folders, offer);
    assert.equal(models.length, 5 * 7 + 1);
    assert.equal(new Set(models.map(({ name }) => name.toLowerCase())).size, models.length);
    assert.deepEqual(await projectModels(folders, offer), models);
    const systems = models.filter(({ name }) => name.startsWith("aze-q4:")).map(({ system }) => system);
    assert.deepEqual(new Set(systems).size, 6);
  } finally {
    await rm(home, { recursive: true });
  }
});

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

test("a broken project is left out and told of, or is an error where nobody is told", async () => {
  const home = await mkdtemp(join(tmpdir(), "kouwen-offer-"));
  try {
    const [whole, broken] = [join(home, "whole"), join(home, "broken")];
    for (const folder of [whole, broken]) await makeProject(folder, "Aze", ["June"]);
    await writeFile(join(broken, "dialogues.jsonl"), "x\n");
    const offer = { perContact: false, contextTokens: 4096 };
    const told: string[] = [];
    const models = await projectModels([broken, whole], offer, (folder, { message }) => {
      told.push(`${folder}: ${message}`);
    });
    assert.equal(models.length, 1);
    assert.deepEqual(told, ["broken: serve dialogues.jsonl:1: not JSON. kouwen run makes it anew."]);
    await assert.rejects(projectModels([broken, whole], offer), /^MalformedInput: serve dialogues\.jsonl:1/);
  } finally {
    await rm(home, { recursive: true });
  }
});
