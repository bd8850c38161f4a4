import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readPersona } from "../personas/read.js";
import { writeMemoTrace } from "../personas/write-memotrace.js";
import type { Dialogue } from "../src/dialogue/dialogue.js";
import { readJsonLines } from "../src/files.js";
import { packageRoot } from "../src/project/paths.js";
import { kouwen } from "./kouwen.js";

// What the personas give away in their chats is in none of what is learnt from, shown or logged.

const home = await mkdtemp(join(tmpdir(), "private-"));
after(() => rm(home, { recursive: true }));

/** What the docs say is not private data, or is not found: names of others, and numbers of orders and the like. */
const LEFT = /单号|订单|就诊号|单位|order|booking|serial/;
const NOT_FOUND = new Set(["陆泽", "周静文", "Ada Jean"]);
/** The question that tells what it is was cut into another dialogue by the exporter. */
NOT_FOUND.add("999228775");

/** Whether a value is there, other than within an id or a digest. */
function standsIn(text: string, value: string): boolean {
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
    if (!/[0-9a-z]/i.test(`${text[at - 1] ?? ""}${text[at + value.length] ?? ""}`)) return true;
  }
  return false;
}

for (const name of ["aze", "remy", "wren"]) {
  test(`${name}: planted private data is in no file but the chats and the list of stand-ins`, async () => {
    const persona = await readPersona(join(packageRoot, "personas", name));
    const chats = join(home, `${name}-export`);
    await writeMemoTrace(persona, chats, { generation: "v2" });
    const project = join(home, name);
    for (const args of [["import", chats], ["dialogue"]]) {
      const outcome = await kouwen([...args, "--project", project], home);
      assert.equal(outcome.code, 0, outcome.stderr);
      assert.match(outcome.stderr, args[0] === "dialogue" ? /private data replaced: \d+ name/ : /message/);
      assert.deepEqual(planted(outcome.stderr + outcome.stdout), []);
    }
    const imported = await readFile(join(project, "messages.jsonl"), "utf8");
    assert.ok(planted(imported).length > 10, "they are in the chats");

    const files = await readdir(project, { recursive: true, withFileTypes: true });
    const others = files
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath, file.name))
      .filter(
        (path) =>
          path !== join(project, "messages.jsonl") && path !== join(project, "private", "stand-ins.json"),
      );
    assert.ok(others.some((path) => path.endsWith("dialogues.jsonl")));
    for (const path of others) assert.deepEqual(planted(await readFile(path, "utf8")), [], path);

    const owner = persona.name.split(" ")[0]!;
    const contacts = persona.contacts.map((contact) => contact.name);
    for await (const { system, turns } of readJsonLines<Dialogue>(join(project, "dialogues.jsonl"), "test")) {
      // What chat and compare send is this very prompt, and so is what is trained.
      assert.ok(!system!.includes(owner), "the owner's name");
      for (const { text } of turns) assert.doesNotMatch(text, new RegExp(`(?<![a-z])${owner}(?![a-z])`, "i"));
      if (contacts.includes("喵总")) assert.ok(!JSON.stringify([system, turns]).includes("喵总"));
    }

    function planted(text: string): string[] {
      return persona.planted
        .filter(({ kind, value }) => !LEFT.test(kind) && !NOT_FOUND.has(value))
        .map(({ value }) => value)
        .filter((value) => standsIn(text.replaceAll("\\n", "\n"), value));
    }
  });
}
