import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";

// Runs every built `*.test.js`, or with --soak every `*.soak.js`, or those of them whose path holds one of the given
// words, and closes with the counts on a line of their own.
const root = fileURLToPath(new URL("..", import.meta.url));
const words = process.argv.slice(2).filter((word) => word !== "--soak");
const ending = process.argv.includes("--soak") ? ".soak.js" : ".test.js";
const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter(
    (path) => path.endsWith(ending) && (words.length === 0 || words.some((word) => path.includes(word))),
  )
  .map((path) => join(root, path))
  .sort();

const counts = { passed: 0, failed: 0, skipped: 0 };
const stream = run({ files, concurrency: Math.min(2, availableParallelism()), timeout: 540_000 });
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
