import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../src/project/paths.js";
import { checkPersona } from "./check.js";
import { parseScript, readPersona, type Persona } from "./read.js";

const folder = join(packageRoot, "personas");
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

test("three people ship", () => assert.equal(names.length, 3));

for (const name of names) {
  test(`${name}: enough chats, no slot templates, habits and planted data as described`, async () => {
    assert.deepEqual(checkPersona(await readPersona(join(folder, name))), []);
  });
}

test("a persona made of one repeated session is found out", () => {
  const script =
    "== 2025-01-01 10:00 | Jo\n< how are things going over there today\n> all quiet here thanks\n";
  const persona: Persona = {
    name: "Copy",
    language: "en",
    contacts: [{ name: "Jo", system: "You are Copy." }],
    habits: [{ what: "never quiet", pattern: "quiet", min: 0, max: 0.1 }],
    planted: [{ kind: "phone", value: "555-0100" }],
    sessions: parseScript(script.repeat(600), "copy.txt"),
  };
  const wrong = checkPersona(persona).join("\n");
  for (const part of [
    "unique",
    "nearly repeat",
    "own messages (at least 3000)",
    "never quiet",
    "planted phone",
  ]) {
    assert.ok(wrong.includes(part), part);
  }
});

test("a script's times pass as written, and a line that is nothing is refused with its place", () => {
  const [session] = parseScript("== 2025-03-04 19:22 | June\n< hi\n+2m\n> hey\n", "a.txt");
  assert.deepEqual(session, {
    contact: "June",
    bubbles: [
      { time: 1_741_116_120, owner: false, text: "hi" },
      { time: 1_741_116_240, owner: true, text: "hey" },
    ],
  });
  assert.throws(() => parseScript("== 2025-03-04 19:22 | June\nhi\n", "a.txt"), /^Error: a\.txt:2: /);
});
