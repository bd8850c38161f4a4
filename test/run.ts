import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

// Runs every built `*.test.js`, or of another kind (`--kind soak`: `*.soak.js`), or those of them whose path holds one of
// the given words, and closes with the counts on a line of their own. Files that need a real Ollama run one at a time,
// since they compare its speed and fill its memory.
const root = fileURLToPath(new URL("..", import.meta.url));
const { values, positionals: words } = parseArgs({
  options: { kind: { type: "string", default: "test" } },
  allowPositionals: true,
});
const ending = `.${values.kind}.js`;
const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter(
    (path) => path.endsWith(ending) && (words.length === 0 || words.some((word) => path.includes(word))),
  )
  .map((path) => join(root, path))
  .sort();

const counts = { passed: 0, failed: 0, skipped: 0 };
const stream = run({
  files,
  concurrency: values.kind === "ollama" ? 1 : Math.min(2, availableParallelism()),
  // The first file of a kind may have to install what it tests.
  timeout: values.kind === "llamafactory" ? 900_000 : 540_000,
});
stream.on("test:pass", (test) => {
  if (test.details.type === "suite") return;
  if (test.skip) counts.skipped += 1;
  else counts.passed += 1;
});
stream.on("test:fail", (test) => {
  if (test.details.type !== "suite") counts.failed += 1;
});
stream.on("end", () => {
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
  process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed${skipped}\n`);
  if (counts.failed > 0 || counts.passed === 0) process.exitCode = 1;
});
stream.compose(new spec()).pipe(process.stdout);
