import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { kouwen } from "./kouwen.js";

const root = await mkdtemp(join(tmpdir(), "kouwen-where-"));
after(() => rm(root, { recursive: true }));
const home = join(root, "home");
const desk = join(root, "desk");

before(async () => {
  await mkdir(home);
  await mkdir(join(desk, "chats"), { recursive: true });
  await mkdir(join(desk, "empty"));
  const dialogues = Array.from({ length: 8 }, (_, day) => [
    { from: "human", value: `how was day ${day}?` },
    { from: "gpt", value: `day ${day} was fine` },
  ]);
  const lines = dialogues.map((conversations) => JSON.stringify({ conversations })).join("\n");
  await writeFile(join(desk, "chats", "all.jsonl"), lines);
});

const call = (args: string[], cwd = desk) => kouwen(args, home, { cwd });

test("a wrong path and an empty folder leave no project and are not kept in one", async () => {
  for (const [path, what] of [
    ["nowhere", /^import nowhere: no such file or folder\. Check the path\.\n$/],
    ["empty", /^import empty: the folder is empty\. Put exported chats/],
    ["/dev/zero", /^import zero: (neither a file nor a folder\. Name|no such file)/],
  ] as const) {
    for (const command of ["import", "run"]) {
      const { code, stderr } = await call([command, path, "--project", "typo"]);
      assert.match(stderr, what);
      assert.equal(code, 1);
    }
    assert.deepEqual(await readdir(home), []);
  }
  assert.equal((await call(["import", "chats", "--project", "typo"])).code, 0);
  assert.equal((await call(["import", "nowhere", "--project", "typo"])).code, 1);
  assert.equal((await call(["import", "chats", "--project", "typo"])).code, 0);
});

test("an empty name and those of Kouwen's own folders are no projects", async () => {
  for (const [name, what] of [
    ["", /^import --project: the name is empty\. Give a name/],
    [" ", /^import --project: the name is empty\. Give a name/],
    ["cache", /^import --project: "cache" is a folder of Kouwen's own \(cache, serve, llamafactory\)\. Give/],
    [`${home}/serve/`, /^import --project: "serve" is a folder of Kouwen's own/],
    [
      "x".repeat(300),
      /^x{60}: has a longer name than this disk takes \(ENAMETOOLONG, mkdir\)\. Choose another/,
    ],
    ["./chats/all.jsonl", /^all\.jsonl: is there already, and no folder \(EEXIST, mkdir\)\. Choose another/],
  ] as const) {
    const { code, stderr } = await call(["import", "chats", "--project", name]);
    assert.match(stderr, what);
    assert.equal(code, 1);
  }
  assert.ok(!(await readdir(home)).some((name) => name !== "typo"));
});

test("a project outside of KOUWEN_HOME is named as --project finds it", async () => {
  assert.equal((await call(["import", "chats", "--project", "./out"])).code, 0);
  const from = async (cwd: string, project: string) =>
    /kouwen run --project (.*)\.\n$/.exec((await call(["train", "--project", project], cwd)).stderr)?.[1];
  assert.equal(await from(desk, "./out"), "./out");
  assert.equal(await from(root, "./desk/out"), "desk/out");
  assert.equal(await from(join(desk, "out"), "."), "./");
  assert.equal(await from(join(desk, "out", "logs"), ".."), "../");
  assert.equal(await from(desk, "typo"), "typo");
});

test("kouwen run goes on with the project that you stand in, and train takes another base", async () => {
  const { stderr } = await call(["run", "--base", "nowhere"], join(desk, "out"));
  assert.match(stderr, /\ndialogue .*\n.*base nowhere: no such file or folder/s);
  const { stderr: told } = await call(["train", "--base", "elsewhere", "--project", "."], join(desk, "out"));
  assert.match(told, /base elsewhere: no such file or folder/);
  assert.match((await call(["run", "--project", "none"])).stderr, /^run project: "none" is not a project/);
  assert.match((await call(["run"])).stderr, /^run arguments: neither an export nor --project is given/);
});

test("what is not made yet is told by every command that needs it", async () => {
  const next = "not there yet. Run the stages before it, or kouwen run --project typo.\n";
  for (const args of [["augment", "--dry-run"], ["train", "--show", "1"], ["chat"]]) {
    const { code, stderr } = await call([...args, "--project", "typo"]);
    assert.equal(stderr, `${args[0]} dialogues.jsonl: ${next}`);
    assert.equal(code, 1);
  }
  assert.equal((await call(["dialogue", "--project", "typo"])).code, 0);
  assert.equal((await call(["chat", "--project", "typo"])).stderr, `chat model: ${next}`);
  for (const many of ["0", "-1", "1.5"]) {
    const { stderr } = await call(["train", "--show", many, "--project", "typo"]);
    assert.equal(stderr, `train --show: ${many} (a whole number from 1). Give another.\n`);
  }
});
