import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../src/project/paths.js";

const source = join(packageRoot, "src");
const STAGES = [
  "import",
  "dialogue",
  "augment",
  "train",
  "merge",
  "gguf",
  "quantize",
  "serve",
  "chat",
  "compare",
];

/** Which rooms a room may take values from; types may come from anywhere. */
const MAY_IMPORT: Record<string, string[]> = {
  formats: ["formats"],
  ...Object.fromEntries(STAGES.map((stage) => [stage, [stage, "formats"]])),
  engines: ["engines", "formats", ...STAGES],
  project: ["project", "formats", ...STAGES],
  server: ["server", "serve", "formats"],
  cli: ["cli", "server", "project", "engines", "formats", ...STAGES, "../personas"],
};

type Import = { file: string; room: string; target: string; typeOnly: boolean };

function imports(): Import[] {
  const found: Import[] = [];
  for (const name of readdirSync(source, { recursive: true, encoding: "utf8" })) {
    const path = join(source, name);
    if (!name.endsWith(".ts") || name.endsWith(".test.ts") || !statSync(path).isFile()) continue;
    const file = relative(source, path);
    for (const match of readFileSync(path, "utf8").matchAll(
      /^(?:import|export)\s+(type\s)?[^;]*?from\s+"(\.[^"]+)"/gm,
    )) {
      const target = relative(source, resolve(dirname(path), match[2]!));
      found.push({ file, room: roomOf(file), target: roomOf(target), typeOnly: match[1] !== undefined });
    }
  }
  return found;
}

/** The first folder of a path, or an empty text for the files at the root of src. */
function roomOf(path: string): string {
  return /^(\.\.\/)?[\w-]+(?=\/)/.exec(path)?.[0] ?? "";
}

test("imports go formats ← stages ← engines ← project and cli", () => {
  const all = imports();
  assert.ok(all.length > 50, "the imports were found");
  const wrong = all
    .filter(
      ({ room, target, typeOnly }) =>
        room !== "" && target !== "" && !typeOnly && !MAY_IMPORT[room]?.includes(target),
    )
    .map(({ file, target }) => `${file} takes from ${target}`);
  assert.deepEqual(wrong, []);
});

test("the README's tree names every folder of src, and nothing else", () => {
  const readme = readFileSync(join(packageRoot, "README.md"), "utf8");
  const tree = /```text\nsrc\/\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  const named = [...tree.matchAll(/^ {2}(\w[\w-]*)\/ {2,}\S/gm)].map((match) => match[1]!);
  const folders = readdirSync(source, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  assert.deepEqual(named.sort(), folders.map((entry) => entry.name).sort());
});

test("no source file is longer than 500 lines, and half are under 80", () => {
  const lengths = readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => ({ name, lines: readFileSync(join(source, name), "utf8").split("\n").length }))
    .sort((a, b) => a.lines - b.lines);
  assert.deepEqual(
    lengths.filter(({ lines }) => lines > 500),
    [],
  );
  assert.ok(lengths[Math.floor(lengths.length / 2)]!.lines < 80);
});
