import { access, readFile } from "node:fs/promises";
import { join } from "node:path";

// node dist/test/check-demo.js <project>: holds the demo's result against what the README promises.
const project = process.argv[2]!;

type System = { medianReplyChars: number; nllPerChar: number | null };
const comparison = JSON.parse(await readFile(join(project, "compare.json"), "utf8")) as {
  systems: Record<"base" | "baseQ4" | "f16" | "q4" | "real", System>;
};
const { base, f16, real } = comparison.systems;
const drop = 1 - f16.nllPerChar! / base.nllPerChar!;

const checks: [string, boolean][] = [
  [
    `tuned replies have a median of ${f16.medianReplyChars} characters, the person's ${real.medianReplyChars} (within 35 %)`,
    Math.abs(f16.medianReplyChars / real.medianReplyChars - 1) <= 0.35,
  ],
  [
    `the base's have ${base.medianReplyChars} (at least 4 times the person's)`,
    base.medianReplyChars >= 4 * real.medianReplyChars,
  ],
  [`surprise at the real replies falls by ${(drop * 100).toFixed(1)} % (at least 10 %)`, drop >= 0.1],
];
const artifacts = [
  "messages.jsonl",
  "dialogues.jsonl",
  "adapter/adapter_config.json",
  "adapter/adapter_model.safetensors",
  "model/model.safetensors",
  "model-f16.gguf",
  "model-q4_k_m.gguf",
  "compare.html",
  "kouwen.json",
];
for (const path of artifacts) {
  const there = await access(join(project, path)).then(
    () => true,
    () => false,
  );
  checks.push([`${path} is there`, there]);
}

for (const [what, holds] of checks) console.log(`${holds ? "ok" : "FAILED"}  ${what}`);
const failed = checks.filter(([, holds]) => !holds).length;
console.log(`\n${checks.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
