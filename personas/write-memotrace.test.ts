import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { parseScript, type Persona } from "./read.js";
import { cutLikeMemoTrace, type Generation, writeMemoTrace } from "./write-memotrace.js";

const SCRIPT = `== 2025-03-04 19:22 | June
> first
< hello
< are you there
> yes
+3h
> sorry was asleep
< good morning
== 2025-03-05 08:00 | June
< coffee
> yes please
< milk
> no
> black
< ok
== 2025-03-05 09:00 | Hal/Work
< shift
> done`;

const persona: Persona = {
  name: "Remy",
  language: "en",
  contacts: [
    { name: "June", system: "You are Remy, texting your sister." },
    { name: "Hal/Work", system: "" },
    { name: "Nobody", system: "You are Remy." },
  ],
  habits: [],
  planted: [],
  sessions: parseScript(SCRIPT, "script"),
};

const root = await mkdtemp(join(tmpdir(), "memotrace-"));
after(() => rm(root, { recursive: true }));

async function written(generation: Generation): Promise<Record<string, unknown>> {
  const folder = join(root, generation);
  await writeMemoTrace(persona, folder, { generation });
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => name.endsWith(".json")).sort();
  return Object.fromEntries(
    await Promise.all(
      files.map(async (name) => [name, JSON.parse(await readFile(join(folder, name), "utf8"))] as const),
    ),
  );
}

test("a gap closes a dialogue, own late lines still join it, own openings and unanswered lines go", () => {
  const june = persona.sessions.filter(({ contact }) => contact === "June").flatMap((s) => s.bubbles);
  assert.deepEqual(cutLikeMemoTrace(june, "v2"), [
    [
      { role: "user", content: "hello\nare you there" },
      { role: "assistant", content: "yes\nsorry was asleep" },
    ],
    [
      { role: "user", content: "coffee" },
      { role: "assistant", content: "yes please" },
      { role: "user", content: "milk" },
      { role: "assistant", content: "no\nblack" },
    ],
  ]);
});

test("version 2: train and dev for each contact and a merged file, system turn first, indent 4", async () => {
  const files = await written("v2");
  assert.deepEqual(Object.keys(files), [
    "Hal_Work/Hal_Work_dev.json",
    "Hal_Work/Hal_Work_train.json",
    "June/June_dev.json",
    "June/June_train.json",
    "Nobody/Nobody_dev.json",
    "Nobody/Nobody_train.json",
    "small_train.json",
  ]);
  assert.deepEqual(files["Nobody/Nobody_train.json"], []);
  assert.deepEqual(files["Hal_Work/Hal_Work_train.json"], [
    {
      conversations: [
        { role: "user", content: "shift" },
        { role: "assistant", content: "done" },
      ],
    },
  ]);
  assert.equal((files["small_train.json"] as unknown[]).length, 3);
  const text = await readFile(join(root, "v2", "June", "June_train.json"), "utf8");
  assert.match(
    text,
    /^\[\n {4}\{\n {8}"conversations": \[\n {12}\{\n {16}"role": "system",\n {16}"content": "You are Remy/,
  );
});

test("the first fifth of the shuffled dialogues is dev, and a second run writes the same", async () => {
  const many: Persona = {
    ...persona,
    sessions: Array.from({ length: 10 }, (_, day) => ({
      contact: "June",
      bubbles: [
        { time: day * 86_400, owner: false, text: `q${day}` },
        { time: day * 86_400 + 5, owner: true, text: `a${day}` },
      ],
    })),
  };
  const read = async (name: string) => readFile(join(root, "many", "June", name), "utf8");
  await writeMemoTrace(many, join(root, "many"), { generation: "v2-plain" });
  const [train, dev] = [await read("train.json"), await read("dev.json")];
  assert.equal(JSON.parse(dev).length, 2);
  assert.equal(JSON.parse(train).length, 8);
  await writeMemoTrace(many, join(root, "many"), { generation: "v2-plain" });
  assert.deepEqual([await read("train.json"), await read("dev.json")], [train, dev]);
});

test("version 3: one file in a folder with the account id, joined by a comma, short dialogues left out", async () => {
  const glm = await written("v3-glm4");
  const [name] = Object.keys(glm).filter((file) => file.startsWith("June"));
  assert.match(name!, /^June\(wxid_[0-9a-f]{12}\)\/June\.json$/);
  const turns = [
    { role: "system", content: "You are Remy, texting your sister." },
    { role: "user", content: "coffee" },
    { role: "assistant", content: "yes please" },
    { role: "user", content: "milk" },
    { role: "assistant", content: "no，black" },
  ];
  assert.deepEqual(glm[name!], [{ messages: turns }]);
  assert.deepEqual((await written("v3-chatglm3"))[name!], [{ conversations: turns }]);
  assert.deepEqual((await written("v3-alpaca"))[name!], [
    {
      system: "You are Remy, texting your sister.",
      instruction: "milk",
      input: "",
      output: "no，black",
      history: [["coffee", "yes please"]],
    },
  ]);
});
