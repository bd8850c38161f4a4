import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Persona } from "../personas/read.js";
import { writeMemoTrace } from "../personas/write-memotrace.js";
import { loadTokenizer } from "../src/formats/tokenizer/tokenizer.js";
import { kouwen } from "./kouwen.js";
import { writeTinyModel } from "./tiny-model.js";

// Two contacts, and a word and a number that only one of them says; who is forgotten must be in no byte of the project.
let home: string;
let chats: string;
let base: string;

const NAME = "Quillon";
const WORD = "zebrafinch";
const NUMBER = "13812345678";
const SMALL = ["train.epochs=1", "compare.prompts=4", "compare.maxTokens=8"].flatMap((set) => ["--set", set]);

function persona(): Persona {
  const contacts = [NAME, "Ada"].map((name) => ({ name, system: `You are Remy, texting ${name}.` }));
  const sessions = contacts.flatMap(({ name }, contact) =>
    Array.from({ length: 90 }, (_, day) => {
      const own =
        name === NAME ? `the ${WORD} number ${day} is fine, call ${NUMBER}` : `the oak ${day} stands`;
      const asked =
        name === NAME ? `any news of ${WORD} ${day} of the aviary?` : `how is tree ${day * 7} today?`;
      const time = 1_700_000_000 + 86_400 * day + 3600 * contact;
      return {
        contact: name,
        bubbles: [
          { time, owner: false, text: asked },
          { time: time + 20, owner: true, text: own },
        ],
      };
    }),
  );
  return { name: "Remy", contacts, sessions } as unknown as Persona;
}

before(async () => {
  home = await mkdtemp(join(tmpdir(), "kouwen-forget-"));
  chats = join(home, "chats");
  base = join(home, "base");
  await writeMemoTrace(persona(), chats, { generation: "v2" });
  await writeTinyModel(base, { architecture: "qwen2", tied: true, seed: 5 });
});

after(() => rm(home, { recursive: true }));

/** The files of a project that hold one of some byte sequences; `kouwen.json` has the list of the forgotten. */
async function holding(project: string, needles: Buffer[]): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir(project, { recursive: true })) {
    const path = join(project, name);
    if (name === "kouwen.json" || !(await stat(path)).isFile()) continue;
    const bytes = await readFile(path);
    if (needles.some((needle) => bytes.includes(needle))) found.push(name);
  }
  return found.sort();
}

/** The name, the word and the number as text, and the word's inner tokens as numbers of every width. */
async function needles(): Promise<Buffer[]> {
  const tokenizer = await loadTokenizer(base, "test");
  const ids = tokenizer.encode(` ${WORD} number`).slice(1, -1);
  const texts = [NAME, WORD, NUMBER].flatMap((text) => [Buffer.from(text), Buffer.from(text, "utf16le")]);
  const numbers = [Int32Array, Uint16Array, Float32Array].map((Type) => Buffer.from(Type.from(ids).buffer));
  return [...texts, ...numbers, Buffer.from(ids.join(",")), Buffer.from(ids.join(", "))];
}

const project = () => join(home, "p");
const adapter = () => readFile(join(project(), "adapter", "adapter_model.safetensors"));
const call = (args: string[]) => kouwen([...args, "--project", "p"], home);
const run = (more: string[] = []) => call(["run", ...more, "--base", base, ...SMALL]);

test("after forget and run nothing in the project holds the contact's words or name, and the adapter is another", async () => {
  const first = await run([chats]);
  assert.equal(first.code, 0, first.stderr);
  assert.equal((await call(["find", WORD])).code, 0);
  const all = await needles();
  const before = await holding(project(), all);
  for (const name of ["messages.jsonl", "messages.sqlite", "dialogues.jsonl", "import.json"])
    assert.ok(before.includes(name), `${name} held it: ${before.join(" ")}`);
  assert.ok(before.some((name) => name.endsWith("stand-ins.json")));
  const learnt = await adapter();

  const unasked = await call(["forget", NAME]);
  assert.equal(unasked.code, 1);
  assert.match(unasked.stderr, /forget: nobody is there to say yes\. Give --yes\.\n$/);
  const forgotten = await call(["forget", NAME, "--yes"]);
  assert.equal(forgotten.code, 0, forgotten.stderr);
  assert.match(
    forgotten.stdout,
    /^forgotten; 1 chat is left\nadapter, train\.json, .*kouwen run makes them anew\n$/,
  );
  assert.deepEqual(await holding(project(), all), []);
  const report = JSON.parse(await readFile(join(project(), "import.json"), "utf8"));
  const { read, messages, duplicates, notSampled } = report;
  assert.deepEqual(report.forgotten, { contacts: 1, dialogues: 90, messages: 270 });
  assert.equal(read, messages + duplicates.messages + notSampled.messages + report.forgotten.messages);

  const quantized = await call(["quantize"]);
  assert.match(
    quantized.stderr,
    /! still learnt from a chat that was forgotten; kouwen run trains anew without it/,
  );
  const talked = await kouwen(["chat", "--project", "p", "--max-tokens", "4"], home, { input: "hi\n" });
  assert.equal(talked.code, 0, talked.stderr);
  assert.match(talked.stderr, /chat: this model has still learnt from a chat that was forgotten/);

  const second = await run();
  assert.equal(second.code, 0, second.stderr);
  assert.deepEqual(await holding(project(), all), []);
  assert.ok(!(await adapter()).equals(learnt), "trained anew");
  assert.doesNotMatch(second.stderr, /still learnt/);
  const fresh = await kouwen(["chat", "--project", "p", "--max-tokens", "4"], home, { input: "hi\n" });
  assert.doesNotMatch(fresh.stderr, /still learnt/);
});

test("the same files imported again do not bring it back; --list shows it, --undo lets it come back", async () => {
  const again = await call(["import", chats, "--fresh"]);
  assert.equal(again.code, 0, again.stderr);
  assert.deepEqual(await holding(project(), await needles()), []);
  assert.equal((await call(["forget", "--list"])).stdout, `${NAME}\n`);
  assert.equal((await call(["forget", NAME])).code, 0, "what is forgotten needs no yes");
  const undone = await call(["forget", "--undo", NAME]);
  assert.equal(undone.stdout, "The chat comes back with the next kouwen import or kouwen run.\n");
  assert.equal((await call(["import", chats])).code, 0);
  assert.ok((await holding(project(), await needles())).includes("messages.jsonl"));
});

test("of two with one name one is told by its id; without the exports nothing is forgotten", async () => {
  const two = join(home, "two-chats");
  for (const id of ["wxid_a1", "wxid_b2", "wxid_c3"]) {
    const name = id === "wxid_c3" ? "Ada" : NAME;
    await mkdir(join(two, `${name}(${id})`), { recursive: true });
    const conversations = [
      { role: "user", content: `${id} asks` },
      { role: "assistant", content: `you answer ${id}` },
    ];
    await writeFile(join(two, `${name}(${id})`, `${name}.json`), JSON.stringify([{ conversations }]));
  }
  const at = (...args: string[]) => kouwen([...args, "--project", "two"], home);
  assert.equal((await at("import", two, "--owner", "Remy")).code, 0);
  const which = await at("forget", NAME, "--yes");
  assert.match(
    which.stderr,
    /^forget contact: 2 chats have that name, each with its id in brackets\. Give one whole; /,
  );
  const one = await at("forget", `${NAME}(wxid_a1)`, "--yes");
  assert.equal(one.code, 0, one.stderr);
  assert.deepEqual(await holding(join(home, "two"), [Buffer.from("wxid_a1")]), []);
  assert.ok((await holding(join(home, "two"), [Buffer.from("wxid_b2")])).includes("messages.jsonl"));
  await rm(two, { recursive: true });
  const gone = await at("forget", "Ada", "--yes");
  assert.match(
    gone.stderr,
    /^forget exports: 1 of the 1 files and folders that were imported are gone, and /,
  );
  assert.ok((await holding(join(home, "two"), [Buffer.from("Ada")])).includes("messages.jsonl"));
});

test("forget says in one line what is wrong, without a name", async () => {
  const cases: [string[], RegExp][] = [
    [["forget"], /^forget contact: none is given\. See kouwen forget --help\.\n$/],
    [
      ["forget", "Quil", "--yes"],
      /^forget contact: none of the 2 chats has exactly that name\. Give it as it is /,
    ],
    [["forget", "--undo", "Quil"], /^forget --undo: nobody forgotten here \(0\) has that name\. See /],
  ];
  for (const [args, error] of cases) {
    const { code, stderr, stdout } = await call(args);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, error);
    assert.doesNotMatch(stderr, /Quil/);
  }
});
