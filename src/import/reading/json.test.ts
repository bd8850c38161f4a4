import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { piecesOf } from "../../../test/read-source.js";
import { type JsonValue, readJsonLineValues, readJsonValues } from "./json.js";

type Read = { values: [JsonValue["path"], unknown][]; problems: string[] };

async function split(text: string, patterns: string[], size: () => number = () => 5): Promise<Read> {
  const read: Read = { values: [], problems: [] };
  for await (const one of readJsonValues(piecesOf("a.json", Buffer.from(text), size), patterns)) {
    if (one.kind === "value") read.values.push([one.path, one.value]);
    else if (one.kind === "problem") read.problems.push(`${one.place}: ${one.what}`);
  }
  return read;
}

/** What has to come out, by walking through the whole document. */
function* walk(
  value: unknown,
  patterns: string[][],
  path: JsonValue["path"] = [],
): Iterable<[JsonValue["path"], unknown]> {
  const inside = patterns.filter(
    (pattern) =>
      pattern.length > path.length && path.every((key, at) => ["*", String(key)].includes(pattern[at]!)),
  );
  if (inside.length === 0 || typeof value !== "object" || value === null) yield [path, value];
  else if (Array.isArray(value)) {
    for (const [at, one] of value.entries()) yield* walk(one, inside, [...path, at]);
  } else for (const [key, one] of Object.entries(value)) yield* walk(one, inside, [...path, key]);
}

/** A JSON value whose whole numbers keep their digits. */
function exact(value: unknown): unknown {
  const text = JSON.stringify(value, (_, one: unknown) =>
    typeof one === "number" &&
    Number.isInteger(one) &&
    !Number.isSafeInteger(one) &&
    !String(one).includes("e")
      ? String(one)
      : one,
  );
  return JSON.parse(text);
}

const PATTERNS = [["*"], ["a.*"], ["*.*"], ["a.b.*", "c.*.b.*"], ["*.a.1"], [], ["0", "a.*.*.*.*"]];
const sizes = () => fc.infiniteStream(fc.integer({ min: 1, max: 12 }));
const keys = fc.constantFrom("a", "b", "c", '"\\', "__proto__", "你");
const { document } = fc.letrec((tie) => ({
  document: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: fc.constantFrom("a", '"', "\\", "{", "]", ",", "\n", "😄", "x") }),
    fc.constantFrom<unknown>(null, true, false, 0, -1.5e-7, 2 ** 53, 1714550400123, -(2 ** 60)),
    fc.array(tie("document"), { maxLength: 4 }),
    fc.dictionary(keys, tie("document"), { maxKeys: 4 }),
  ),
}));

test("every document splits into what JSON.parse finds, for any pattern and any pieces", async () => {
  await fc.assert(
    fc.asyncProperty(
      document,
      fc.constantFrom(...PATTERNS),
      fc.constantFrom(undefined, 1, "\t"),
      sizes(),
      async (value, patterns, indent, stream) => {
        const text = JSON.stringify(value, null, indent);
        const { values, problems } = await split(text, patterns, () => stream.next().value!);
        const split_ = patterns.map((pattern) => pattern.split("."));
        assert.deepEqual(values, [...walk(exact(value), split_)]);
        assert.deepEqual(problems, []);
      },
    ),
    { numRuns: 1000 },
  );
});

test("a document that is cut anywhere gives all that is whole before, and one problem", async () => {
  const messages = fc.array(fc.record({ id: fc.nat(), text: fc.string(), more: document }), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(
      messages,
      fc.constantFrom(undefined, 2),
      fc.double({ min: 0, max: 1, noNaN: true }),
      sizes(),
      async (list, indent, share, stream) => {
        const text = JSON.stringify({ name: "n", messages: list }, null, indent);
        const cut = Math.floor(share * (text.length - 1));
        const { values, problems } = await split(
          text.slice(0, cut),
          ["messages.*"],
          () => stream.next().value!,
        );
        const whole = list.filter((_, at) => {
          const before = JSON.stringify({ name: "n", messages: list.slice(0, at + 1) }, null, indent);
          return before.length - (indent ? 6 : 2) <= cut;
        });
        const found = values.filter(([path]) => path.length === 2).map(([, value]) => value);
        assert.deepEqual(found, whole.map(exact));
        assert.equal(problems.length, 1, problems.join());
      },
    ),
    { numRuns: 300 },
  );
});

test("64-bit numbers keep their digits, others stay numbers", async () => {
  const text =
    '[7000000000000000001,-9007199254740993,9007199254740991,{"a":[12345678901234567890],"b":"1234567890123456789"},' +
    "1.2345678901234567890,12345678901234567890e3,1714550400000000]";
  const { values } = await split(text, ["*"]);
  assert.deepEqual(
    values.map(([, value]) => value),
    [
      "7000000000000000001",
      "-9007199254740993",
      9007199254740991,
      { a: ["12345678901234567890"], b: "1234567890123456789" },
      1.2345678901234567,
      Number("12345678901234567890e3"),
      1714550400000000,
    ],
  );
});

test("control characters as Telegram writes them are read, after an even number of backslashes only", async () => {
  const { values, problems } = await split(String.raw`[{"a":"x\x1Fy\\x41\\\x0az"},{"b":"\x4"}]`, ["*"]);
  assert.deepEqual(values, [[[0], { a: "x\u001Fy\\x41\\\nz" }]]);
  assert.deepEqual(problems, ["element 2, character 28: not JSON"]);
});

test("null, nothing, and what follows a document", async () => {
  assert.deepEqual(await split("null", ["*"]), { values: [[[], null]], problems: [] });
  assert.deepEqual(await split("\uFEFF \n 12345 \r\n", ["*"]), { values: [[[], 12345]], problems: [] });
  assert.deepEqual((await split(" \n", ["*"])).problems, ["character 0 of 2: empty"]);
  const end = "the document ends here, and what follows was not read";
  assert.deepEqual(await split('[1] {"a":2}', ["*"]), {
    values: [[[0], 1]],
    problems: [`character 4: ${end}`],
  });
  assert.deepEqual((await split("[1]\0\0\0", ["*"])).problems, [`character 3: ${end}`]);
});

/** A Telegram export with damage in one of three messages. */
const chat = (middle: string, indent: number) => {
  const messages = [1, 2, 3, 4].map((id) => ({
    id,
    type: "message",
    text: `t"${id}`,
    parts: [{ type: "x", id: 9 }],
  }));
  const text = JSON.stringify({ name: "n", messages, id: 5 }, null, indent);
  const second = JSON.stringify({ messages: [messages[1]] }, null, indent)
    .replace(/^[^[]*\[\s*/, "")
    .replace(/\s*\]\s*\}$/, "");
  assert.ok(text.includes(second));
  return text.replace(second, () => middle);
};

test("an element that is not JSON costs itself, whatever is wrong with it", async () => {
  const damages: Record<string, string> = {
    "a word": '{"id":2,"type":undefined,"parts":[{"type":"x"}]}',
    "an escape": String.raw`{"id":2,"text":"\q"}`,
    "a comma too many": '{"id":2,"type":"message",}',
    "a quotation mark that is not closed": '{"id":2,"type":"message","text":"t,"parts":[]}',
    "one that is not opened": '{"id":2,"type":"message","text":t","parts":[]}',
    "one too many": '{"id":2,"type":"message","parts":[]}}',
    "the end of a line in a string": '{"id":2,"type":"message","text":"t\n}',
    "a missing comma": '{"id":2,"type":"message"} 17',
    "nothing but text": "hello",
    "too many brackets": `{"id":2,"a":${"[".repeat(300)}${"]".repeat(300)}}`,
  };
  for (const [name, middle] of Object.entries(damages)) {
    for (const indent of [0, 1]) {
      const { values, problems } = await split(chat(middle, indent), ["messages.*"]);
      const ids = values
        .filter(([path]) => path.length === 2)
        .map(([, value]) => (value as { id: number }).id);
      assert.deepEqual(
        ids.filter((id) => id !== 2),
        [1, 3, 4],
        `${name}, ${indent}`,
      );
      assert.equal(problems.length, 1, `${name}, ${indent}: ${problems.join()}`);
      assert.match(problems[0]!, /^messages [23], character \d+: not JSON$/);
      assert.deepEqual(values.at(-1), [["id"], 5], name);
    }
  }
});

test("what is lost in one chat does not swallow the next, and messages stay with their chat", async () => {
  const list = ["A", "B", "C"].map((name) => ({
    name,
    type: "personal_chat",
    messages: [1, 2].map((id) => ({ id, type: "message", text: name })),
  }));
  const text = JSON.stringify({ chats: { list } }).replace('"text":"A"}]', '"text":"A]');
  const { values, problems } = await split(text, ["chats.list.*.messages.*"]);
  const messages = values.filter(([path]) => path.length === 5);
  const found = messages.map(([path, value]) => [path[2], (value as { text: string }).text]);
  assert.deepEqual(found, [
    [0, "A"],
    [1, "B"],
    [1, "B"],
    [2, "C"],
    [2, "C"],
  ]);
  assert.equal(problems.length, 1);
});

test("where nothing tells what is whole, the rest is lost, with one problem", async () => {
  assert.deepEqual((await split("<html>", ["*"])).problems, ["character 0 of 6: not JSON"]);
  const { values, problems } = await split(`[[1],["2]${",[3]".repeat(9)}`, ["*"]);
  assert.deepEqual(values, [[[0], [1]]]);
  assert.equal(problems.length, 1);
});

test("an element of over 64 Mi characters is a problem, and the next is read", async () => {
  const long = Buffer.concat([
    Buffer.from('[{"a":1},{"a":"'),
    Buffer.alloc(70_000_000, "x"),
    Buffer.from('"},{"a":3}]'),
  ]);
  const values: unknown[] = [];
  for await (const one of readJsonValues(
    piecesOf("a.json", long, () => 1 << 18),
    ["*"],
  )) {
    values.push(one.kind === "value" ? one.value : `${one.kind === "problem" ? one.place : ""}: ${one.what}`);
  }
  assert.deepEqual(values, [{ a: 1 }, "element 2, character 9: longer than 67108864 characters", { a: 3 }]);
});

test("files made to be gone through again and again are given up in time", async () => {
  const hostile = [
    '{"id":['.repeat(400_000),
    `[{"id":1,"b":2}${',{"id":"\n"'.repeat(100_000)}`,
    `[{"id":1,"b":2}${',{"id":1,"b":["'.repeat(100_000)}`,
    "[".repeat(2_000_000),
    `[${'"\\'.repeat(500_000)}`,
  ];
  for (const text of hostile) {
    const { problems } = await split(text, ["*"], () => 1 << 16);
    assert.ok(problems.length > 0);
  }
});

function badLine(line: number) {
  return { kind: "problem", place: `line ${line}`, what: "not JSON" };
}

test("one value a line: comments and empty lines are passed over, a bad line is a problem", async () => {
  const text = '# a comment\n{"id":7000000000000000001}\r\n\n{"a":\n  [1]  \n"x\\x1F"\n' + "[".repeat(500);
  const found: unknown[] = [];
  for await (const one of readJsonLineValues(piecesOf("a.jsonl", Buffer.from(text), () => 3))) {
    found.push(one.kind === "value" ? [one.path, one.value] : one);
  }
  assert.deepEqual(found, [
    [[2], { id: "7000000000000000001" }],
    badLine(4),
    [[5], [1]],
    [[6], "x\u001F"],
    badLine(7),
  ]);
});
