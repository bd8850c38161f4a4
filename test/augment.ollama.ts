import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { readPersona } from "../personas/read.js";
import { writeMemoTrace } from "../personas/write-memotrace.js";
import type { AugmentReport } from "../src/augment/report.js";
import type { Dialogue } from "../src/dialogue/dialogue.js";
import { resolveBase } from "../src/engines/hub/resolve-base.js";
import { createQuantizer } from "../src/engines/llama-cpp/quantizer.js";
import { openOllama } from "../src/engines/ollama/host.js";
import { readJsonLines, writeJsonLines } from "../src/files.js";
import { readCodec } from "../src/formats/template/codec.js";
import { gguf } from "../src/gguf/gguf.js";
import { packageRoot } from "../src/project/paths.js";
import { goTemplate } from "../src/serve/modelfile.js";
import { kouwen } from "./kouwen.js";
import { type RealOllama, startOllama } from "./real-ollama.js";
import { testCache } from "./test-cache.js";

// A real model of 135 million parameters completes dialogues in Chinese and in English: in this process, and behind a real
// Ollama. It proves what becomes of its answers; they themselves are worth little.

/** Of each persona; the shortest, as a model that nothing holds to JSON writes on until it is cut. */
const DIALOGUES = 1;
const MODEL = "smollm2-q4";
const RULES = {
  zh: "给这段聊天补上开头，再接两轮。只输出 JSON 列表，每项有 role 和 content。",
  en: "Give this chat an opening and two more exchanges. Answer with a JSON list of role and content only.",
};

let home: string;
let real: RealOllama;
let model: string;
before(async () => {
  home = await mkdtemp(join(tmpdir(), "kouwen-augment-"));
  real = await startOllama();
  const { folder } = await resolveBase("smollm2:135m", { cacheFolder: testCache("models") });
  const { template } = await readCodec(folder, "test");
  const f16 = join(home, "f16.gguf");
  model = join(home, `${MODEL}.gguf`);
  await gguf({ model: folder, gguf: f16 }, { name: MODEL, template });
  await (await createQuantizer()).quantize(f16, model, "Q4_K_M");
  const ollama = await openOllama(real.url);
  // One that rambles is stopped at its first empty line.
  const parameters = { num_ctx: 4096, num_thread: 2, stop: [...template.stops, "\n\n"] };
  const blob = await ollama.putBlob(model);
  await ollama.create({
    name: MODEL,
    from: { blob },
    template: goTemplate(template),
    system: null,
    parameters,
  });
  for (const name of ["remy", "aze"]) {
    const persona = await readPersona(join(packageRoot, "personas", name));
    await writeMemoTrace(persona, join(home, "chats", name), { generation: "v2" });
  }
});
after(async () => {
  await real?.close();
  await rm(home, { recursive: true, force: true });
});

async function readDialogues(project: string, name: string): Promise<Dialogue[]> {
  const dialogues: Dialogue[] = [];
  for await (const one of readJsonLines<Dialogue>(join(home, project, name), "test")) dialogues.push(one);
  return dialogues;
}

const length = ({ turns }: Dialogue) => turns.reduce((sum, { text }) => sum + text.length, 0);
const isChinese = ({ turns }: Dialogue) => turns.some(({ text }) => /\p{Script=Han}/u.test(text));

/** A project with a few short dialogues in each language, one of each held out. */
async function makeProject(project: string): Promise<Dialogue[]> {
  const imported = await kouwen(
    ["import", join(home, "chats"), "--owner", "Remy", "--project", project],
    home,
  );
  assert.equal(imported.code, 0, imported.stderr);
  assert.equal((await kouwen(["dialogue", "--project", project], home)).code, 0);
  const all = await readDialogues(project, "dialogues.jsonl");
  const chosen = [true, false].flatMap((chinese) => {
    const those = all
      .filter((one) => isChinese(one) === chinese && one.turns.length >= 4)
      .toSorted((a, b) => length(a) - length(b));
    const of = (split: Dialogue["split"], count: number) =>
      those.filter((one) => one.split === split).slice(0, count);
    return [...of("train", DIALOGUES), ...of("heldout", 1)];
  });
  assert.equal(chosen.length, 2 * (DIALOGUES + 1));
  // Short ones, as this model has three tokens for a Chinese character.
  for (const [language, text] of Object.entries(RULES)) {
    await writeFile(join(home, project, `augment.rules.${language}.txt`), text);
  }
  await writeJsonLines(join(home, project, "dialogues.jsonl"), "test", chosen);
  return chosen;
}

async function augment(project: string, ...llm: string[]): Promise<AugmentReport> {
  const { code, stderr } = await kouwen(["augment", "--project", project, "--parallel", "2", ...llm], home);
  assert.equal(code, 0, stderr);
  return JSON.parse(await readFile(join(home, project, "augment.json"), "utf8")) as AugmentReport;
}

/** Every dialogue is there, its real words unchanged, and what was added keeps to the form. */
async function check(project: string, original: readonly Dialogue[], report: AugmentReport): Promise<void> {
  const made = await readDialogues(project, "dialogues.augmented.jsonl");
  assert.equal(made.length, original.length);
  for (const [index, { split, turns }] of made.entries()) {
    const real = turns.filter(({ origin }) => origin === "real");
    assert.deepEqual(real, original[index]!.turns);
    if (split === "heldout") assert.equal(turns.length, real.length);
    for (const [at, { role, text }] of turns.entries()) {
      assert.equal(role, at % 2 === 0 ? "user" : "assistant");
      assert.notEqual(text.trim(), "");
    }
    assert.equal(turns.at(-1)!.role, "assistant");
  }
  const kept = Object.values(report.kept).reduce((sum, count) => sum + count, 0);
  assert.equal(report.augmented + kept + report.heldOut, original.length);
  const longer = made.filter(({ turns }, index) => turns.length > original[index]!.turns.length);
  assert.equal(longer.length, report.augmented);
  assert.equal(report.heldOut, 2);
  // Nothing has left this machine.
  assert.deepEqual([report.host, report.sentBytes > 0 && report.host !== null], [null, false]);
  await assert.rejects(readFile(join(home, project, "sent.jsonl")), { code: "ENOENT" });
}

test("in this process its answers keep to the grammar, and are not asked for twice", async () => {
  const original = await makeProject("local");
  const llm = ["--llm", "local", "--llm-model", model];
  const report = await augment("local", ...llm);
  await check("local", original, report);
  assert.equal(report.requestedNow, 2 * DIALOGUES);
  const wrong = Object.keys(report.kept).filter((why) => /json|role|list|begin|unchanged/i.test(why));
  assert.deepEqual(wrong, [], "what a grammar sees to");
  const again = await augment("local", ...llm, "--synthetic-weight", "0.25");
  assert.deepEqual([again.requestedNow, again.augmented], [0, report.augmented]);
});

test("behind a real Ollama good answers are taken, and of the others the original stays", async () => {
  const original = await makeProject("ollama");
  const llm = ["--llm", "ollama", "--llm-url", `${real.url}/v1`, "--llm-model", MODEL];
  const report = await augment("ollama", ...llm);
  await check("ollama", original, report);
  assert.equal(report.requestedNow, 2 * DIALOGUES);
  assert.ok(report.promptTokens > 0 && report.answerTokens > 0);
});
