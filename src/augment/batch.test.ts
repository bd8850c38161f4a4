import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type BatchWays, type Reaction, startLoopbackLlm } from "../../test/loopback-llm.js";
import type { Dialogue } from "../dialogue/dialogue.js";
import { openApi } from "../engines/llm-api/open-api.js";
import { Unavailable, Unsupported } from "../errors.js";
import { writeJsonLines } from "../files.js";
import type { Run } from "../progress.js";
import { augment } from "./augment.js";
import { type AugmentSettings, augmentSettings } from "./settings.js";

const root = await mkdtemp(join(tmpdir(), "augment-batch-"));
after(() => rm(root, { recursive: true }));
let folders = 0;

const DIALOGUES = Array.from({ length: 6 }, (_, id): Dialogue => ({
  id: id.toString(16).padStart(16, "0"),
  contact: "June",
  time: null,
  split: id === 5 ? "heldout" : "train",
  system: null,
  turns: [
    { role: "user", text: `where are you, q${id}?`, origin: "real", weight: 0 },
    { role: "assistant", text: "nearly there", origin: "real", weight: 1 },
  ],
}));

type Asked = { body: { messages: { content: string }[] } };

/** A good answer: an opening before the fragment and an exchange after it. */
function complete({ body }: Asked): Reaction {
  const fragment = JSON.parse(body.messages[1]!.content.split("\n\n")[0]!) as object[];
  const turns = [
    { role: "user", content: "so about tonight" },
    { role: "assistant", content: "what about it" },
    ...fragment,
    { role: "user", content: "ok cool" },
    { role: "assistant", content: "see you" },
  ];
  return { text: JSON.stringify(turns) };
}

/** A project, and a service that has batches. */
async function service(
  react: (request: Asked, count: number) => Reaction = complete,
  ways: BatchWays = { looks: 2 },
) {
  const server = await startLoopbackLlm(react, ways);
  after(() => server.close());
  const out = join(root, String((folders += 1)));
  const dialogues = join(out, "dialogues.jsonl");
  await writeJsonLines(dialogues, "test", DIALOGUES);
  const said: string[] = [];
  const notes: string[] = [];
  const augmentWith = (settings: Partial<AugmentSettings> = {}, run: Run = {}) =>
    augment(
      { dialogues, out },
      augmentSettings.parse({ batch: true, ...settings }),
      openApi({ url: server.url, model: "m", key: "k" }, "augment", { pollMs: 1 }),
      { say: (line) => said.push(line), onProgress: ({ note }) => notes.push(note ?? ""), ...run },
    );
  const made = () => readFile(join(out, "dialogues.augmented.jsonl"), "utf8");
  return { server, augmentWith, made, said, notes, noted: join(out, "augment.batches.json") };
}

test("all dialogues to train on go in one batch, and come back as if they had been asked about singly", async () => {
  const one = await service();
  await one.augmentWith({ batch: false });
  const { server, augmentWith, made, said, notes, noted } = await service();
  const report = await augmentWith({ priceIn: 2, priceOut: 6 });
  assert.equal(await made(), await one.made());
  assert.equal(server.batches.length, 1);
  assert.equal(server.seen.length, 0);
  assert.ok(!server.batches[0]!.requests.includes("q5"), "held out");
  assert.deepEqual([report.augmented, report.requestedNow], [5, 5]);
  assert.deepEqual(report.batched, { promptTokens: report.promptTokens, answerTokens: report.answerTokens });
  assert.equal(report.cost, (report.promptTokens * 2 + report.answerTokens * 6) / 2e6, "half");
  assert.match(
    said[0]!,
    /^augment: 5 dialogues go in a batch, at half the price: about \d+ tokens, cost 0\.00\d\d$/,
  );
  assert.deepEqual(notes.slice(0, 3), ["batch 0/5 answered", "batch 0/5 answered", "batch 5/5 answered"]);
  assert.ok(!existsSync(noted));
  await augmentWith();
  assert.equal(server.batches.length, 1, "nothing is left to ask about");
});

test("what fails a check is repaired singly, what has no answer or an unreadable one is asked singly", async () => {
  const { server, augmentWith, said } = await service(
    (request, count) => {
      const asked = request.body.messages[1]!.content;
      if (count > 0) return complete(request);
      if (asked.includes("q0")) return { text: "no list at all" };
      if (asked.includes("q1")) return { raw: '{"custom_id":' };
      if (asked.includes("q2")) return { raw: '{"custom_id":7,"response":null}\n[]\nnull\n{}' };
      return asked.includes("q3") ? "silence" : complete(request);
    },
    { looks: 1, status: "expired" },
  );
  const report = await augmentWith({ parallel: 1, priceIn: 1, priceOut: 1 });
  assert.deepEqual([report.augmented, report.requestedNow, report.kept], [5, 5, {}]);
  const singly = server.seen.map(({ body }) => body.messages[1]!.content);
  assert.deepEqual(
    singly.map((asked) => [/q\d/.exec(asked)![0], asked.includes("it holds no JSON list")]),
    [
      ["q0", true],
      ["q1", false],
      ["q2", false],
      ["q3", false],
    ],
  );
  assert.match(said[1]!, /^augment: 3 of 5 have no answer in the batch; they are asked singly$/);
  const [all, batched] = [report, report.batched].map((one) => one.promptTokens + one.answerTokens);
  assert.ok(batched! > 0 && batched! < all!);
  assert.equal(report.cost.toFixed(9), ((all! - batched! / 2) / 1e6).toFixed(9));
});

test("a budget sends as many as it has room for, and leaves the others for a later run", async () => {
  const { server, augmentWith, said } = await service();
  const report = await augmentWith({ budgetCost: 0.001, priceIn: 1, priceOut: 1 });
  const sent = server.batches[0]!.requests.trim().split("\n").length;
  assert.ok(sent > 0 && sent < 5, `${sent} sent`);
  assert.deepEqual(report.kept, { "the budget was used up": 5 - sent });
  assert.equal(server.seen.length, 0, "what is left is not asked singly either");
  assert.ok(said[0]!.includes(`${sent} dialogues go in a batch`));
  assert.equal((await augmentWith()).augmented, 5);
  assert.equal((await augmentWith({ budgetTokens: 1, seed: 2 })).requestedNow, 0);
});

test("stopped while it waits, the batch goes on, and the next run fetches it without handing in another", async () => {
  const stop = new AbortController();
  const one = await service(complete, {
    looks: 3,
    onCall: (what) => what === "looked" && stop.abort(new Error("stopped")),
  });
  await assert.rejects(one.augmentWith({}, { signal: stop.signal }), /stopped/);
  assert.match(one.said.at(-1)!, /the batch goes on without us; the same command fetches its answers/);
  assert.ok(existsSync(one.noted));
  const report = await one.augmentWith();
  assert.deepEqual([one.server.batches.length, report.augmented], [1, 5]);
  assert.ok(!existsSync(one.noted));
});

test("a batch that was handed in is left alone by a run without batches, which says so", async () => {
  const stop = new AbortController();
  const one = await service(complete, { looks: 3, onCall: () => stop.abort(new Error("stopped")) });
  await assert.rejects(one.augmentWith({}, { signal: stop.signal }), /stopped/);
  await one.augmentWith({ batch: false });
  assert.match(
    one.said.at(-1)!,
    /a batch that was handed in is not waited for; with --batch its answers are used/,
  );
  assert.equal(one.server.seen.length, 5);
});

test("a batch that ends without an answer, or is forgotten by the service, is handed in anew when asked to", async () => {
  const failed = await service(complete, { looks: 0, status: "failed" });
  await assert.rejects(failed.augmentWith(), (error) => {
    assert.ok(error instanceof Unavailable);
    assert.match(
      error.message,
      /the batch ended without a single answer\. Run again to hand its dialogues in once more/,
    );
    return true;
  });
  assert.equal(failed.server.seen.length, 0, "nothing is asked at the full price unless the person says so");
  const stop = new AbortController();
  const lost = await service(complete, { looks: 1, onCall: () => stop.abort(new Error("stopped")) });
  await assert.rejects(lost.augmentWith({}, { signal: stop.signal }), /stopped/);
  lost.server.batches.length = 0;
  if ((await readFile(lost.noted, "utf8")).includes('"id"'))
    await assert.rejects(lost.augmentWith(), /the batch is not known there any more\. Run again/);
  assert.equal((await lost.augmentWith()).augmented, 5);
});

test("where there are no batches, one line says what to do, and nothing is sent", async () => {
  const server = await startLoopbackLlm(complete);
  after(() => server.close());
  const out = join(root, String((folders += 1)));
  const paths = { dialogues: join(out, "dialogues.jsonl"), out };
  await writeJsonLines(paths.dialogues, "test", DIALOGUES);
  const settings = augmentSettings.parse({ batch: true });
  const llm = openApi({ url: server.url, model: "m", key: "k" }, "augment");
  await assert.rejects(augment(paths, settings, llm), (error) => {
    assert.ok(error instanceof Unsupported);
    assert.match(error.message, /this service takes no batches \(HTTP 404\)\. Run without --batch\.$/);
    return true;
  });
  assert.equal(server.seen.length, 0);
  assert.equal((await augment(paths, { ...settings, batch: false }, llm)).augmented, 5);
  const { batches: _, ...local } = llm;
  await assert.rejects(
    augment(paths, settings, { ...local, sentBytes: 0 }),
    /there are no batches. Run without --batch/,
  );
});
