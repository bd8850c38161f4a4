import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { readPersona } from "../personas/read.js";
import { writeMemoTrace } from "../personas/write-memotrace.js";
import type { Dialogue } from "../src/dialogue/dialogue.js";
import { readJsonLines } from "../src/files.js";
import { packageRoot } from "../src/project/paths.js";
import { kouwen } from "./kouwen.js";
import { type Reaction, type SeenRequest, startLoopbackLlm } from "./loopback-llm.js";

const home = await mkdtemp(join(tmpdir(), "kouwen-augment-"));
after(() => rm(home, { recursive: true }));
const KEY = "sk-never-anywhere";

before(async () => {
  for (const name of ["remy", "aze"]) {
    const persona = await readPersona(join(packageRoot, "personas", name));
    await writeMemoTrace(persona, join(home, "chats", name), { generation: "v2" });
  }
  for (const project of ["whole", "killed"]) {
    const made = await kouwen(["import", join(home, "chats"), "--owner", "Remy", "--project", project], home);
    assert.equal(made.code, 0, made.stderr);
    assert.equal((await kouwen(["dialogue", "--project", project, "--privacy", "mask"], home)).code, 0);
  }
});

/** Completes a fragment in its own language; some with a fence, some never. */
function complete({ body }: SeenRequest): Reaction {
  const asked = body.messages[1]!.content;
  const fragment = JSON.parse(asked.split("\n\n")[0]!) as { role: string; content: string }[];
  const chinese = /\p{Script=Han}/u.test(asked);
  const [opening, reply] = chinese ? ["对了刚才说到哪了", "随便聊"] : ["so where were we", "just talking"];
  const list = JSON.stringify([
    { role: "user", content: opening },
    { role: "assistant", content: reply },
    ...fragment,
    { role: "user", content: chinese ? "好" : "ok" },
    { role: "assistant", content: reply },
  ]);
  // By the words, so that every run meets the same.
  const number = [...asked.split("\n\n")[0]!].reduce(
    (sum, character) => (sum * 31 + character.codePointAt(0)!) % 77,
    7,
  );
  if (number % 11 === 0) return { text: "I would rather not." };
  return { text: number % 7 === 0 ? `\`\`\`json\n${list}\n\`\`\`` : list };
}

function augmentArgs(project: string, url: string, ...more: string[]): string[] {
  return [
    "augment",
    "--project",
    project,
    "--llm",
    "custom",
    "--llm-url",
    url,
    "--llm-model",
    "m",
    "--llm-key",
    "TEST_LLM_KEY",
    "--parallel",
    "8",
    "--json",
    ...more,
  ];
}

async function dialoguesOf(project: string, name: string): Promise<Dialogue[]> {
  const dialogues: Dialogue[] = [];
  for await (const one of readJsonLines<Dialogue>(join(home, project, name), "test")) dialogues.push(one);
  return dialogues;
}

test("killed amid 500 dialogues, eight at a time, it goes on and ends as if nothing had happened", async () => {
  const undisturbed = await startLoopbackLlm(complete);
  after(() => undisturbed.close());
  const env = { TEST_LLM_KEY: KEY };
  const whole = await kouwen(augmentArgs("whole", undisturbed.url), home, { env });
  assert.equal(whole.code, 0, whole.stderr);
  const report = JSON.parse(whole.stdout);
  const original = await dialoguesOf("whole", "dialogues.jsonl");
  const train = original.filter(({ split }) => split === "train");
  assert.ok(train.length >= 500, `${train.length} dialogues`);
  const kept = Object.values(report.kept as Record<string, number>).reduce((sum, count) => sum + count, 0);
  assert.equal(report.augmented + kept, train.length);
  assert.ok(kept > 0 && report.augmented > 400, JSON.stringify(report));

  const deaths = [90, 250, 420];
  const answered = new Map<string, number>();
  for (const death of deaths) {
    let kill: (() => void) | undefined;
    let count = 0;
    const server = await startLoopbackLlm((request) => {
      count += 1;
      if (count === death) kill?.();
      const reaction = complete(request);
      answered.set(
        request.body.messages[1]!.content,
        (answered.get(request.body.messages[1]!.content) ?? 0) + 1,
      );
      return reaction;
    });
    after(() => server.close());
    // The address is no part of what was asked, so that another port is no other model.
    const died = await kouwen(augmentArgs("killed", server.url), home, {
      env,
      onStart: (signal) => (kill = () => signal("SIGKILL")),
    });
    assert.equal(died.code, null, died.stderr);
  }
  const last = await startLoopbackLlm(complete);
  after(() => last.close());
  const resumed = await kouwen(augmentArgs("killed", last.url), home, { env });
  assert.equal(resumed.code, 0, resumed.stderr);
  const bytes = async (project: string) => readFile(join(home, project, "dialogues.augmented.jsonl"), "utf8");
  assert.equal(await bytes("killed"), await bytes("whole"));
  // At most the eight that were under way at each death, each of at most two requests, were asked twice.
  const all = undisturbed.seen.length;
  const asked = [...answered.values()].reduce((sum, times) => sum + times, 0) + last.seen.length;
  assert.ok(asked <= all + deaths.length * 16, `${asked} requests instead of ${all}`);
});

test("real words are there unchanged, held-out dialogues were never sent, and the key is nowhere", async () => {
  const server = await startLoopbackLlm(() => assert.fail("nothing is asked for again"));
  after(() => server.close());
  const again = await kouwen(augmentArgs("whole", server.url), home, { env: { TEST_LLM_KEY: KEY } });
  assert.equal(again.code, 0, again.stderr);
  const [original, made] = await Promise.all([
    dialoguesOf("whole", "dialogues.jsonl"),
    dialoguesOf("whole", "dialogues.augmented.jsonl"),
  ]);
  assert.equal(made.length, original.length);
  for (const [index, { split, turns }] of made.entries()) {
    const real = turns.filter(({ origin }) => origin === "real");
    assert.deepEqual(real, original[index]!.turns);
    if (split === "heldout") assert.equal(turns.length, real.length);
  }
  for (const name of ["kouwen.json", "augment.json", "augment.journal.jsonl", "logs/augment.log"]) {
    assert.ok(!(await readFile(join(home, "whole", name), "utf8")).includes(KEY), name);
  }
});

test("killed as its batch was handed in, and as it waited, it fetches the answers and pays for nothing twice", async () => {
  const folder = join(home, "two");
  const imported = ["import", join(home, "chats"), "--owner", "Remy", "--sample", "40"];
  assert.equal((await kouwen([...imported, "--project", "two"], home)).code, 0);
  assert.equal((await kouwen(["dialogue", "--project", "two", "--privacy", "mask"], home)).code, 0);
  const env = { TEST_LLM_KEY: KEY };
  const made = () => readFile(join(folder, "dialogues.augmented.jsonl"), "utf8");
  const undisturbed = await startLoopbackLlm(complete);
  after(() => undisturbed.close());
  const whole = await kouwen(augmentArgs("two", undisturbed.url), home, { env });
  assert.equal(whole.code, 0, whole.stderr);
  const expected = await made();
  for (const name of ["augment.journal.jsonl", "dialogues.augmented.jsonl"]) await rm(join(folder, name));

  let kill: (() => void) | undefined;
  const deaths = new Set(["created", "looked"]);
  const server = await startLoopbackLlm(complete, {
    looks: 1,
    onCall: (what) => {
      if (deaths.delete(what)) kill?.();
    },
  });
  after(() => server.close());
  const args = augmentArgs("two", server.url, "--batch");
  const onStart = (signal: (name: NodeJS.Signals) => void): void => {
    kill = () => signal("SIGKILL");
  };
  for (const left of [1, 0]) {
    const died = await kouwen(args, home, { env, onStart });
    assert.equal(died.code, null, died.stderr);
    assert.equal(deaths.size, left);
  }
  assert.ok(!(await readFile(join(folder, "augment.batches.json"), "utf8")).includes(KEY));
  const resumed = await kouwen(args, home, { env });
  assert.equal(resumed.code, 0, resumed.stderr);
  assert.equal(server.batches.length, 1);
  assert.equal(await made(), expected);
});

test("without a key, a model or leave to send nothing is sent, in one line", async () => {
  const cases: [string[], RegExp][] = [
    [["augment", "--project", "whole", "--llm", "dashscope"], /variable DASHSCOPE_API_KEY is not set/],
    [["augment", "--project", "whole", "--llm", "nowhere"], /"nowhere" is none of dashscope/],
    [["augment", "--project", "whole", "--llm", "local"], /local needs a model. Give --llm-model/],
  ];
  for (const [args, message] of cases) {
    const { code, stderr } = await kouwen(args, home, { env: { DASHSCOPE_API_KEY: "" } });
    assert.equal(code, 1);
    assert.match(stderr, message);
  }
  const estimate = await kouwen(["augment", "--project", "killed", "--dry-run"], home);
  assert.match(
    estimate.stdout,
    /^\d+ dialogues, \d+ kB: about \d+ tokens to send, \d+ to get back; nothing was sent$/m,
  );
});

test("with prices, what it would cost is told beforehand", async () => {
  const args = ["augment", "--project", "killed", "--dry-run", "--price-in", "2", "--price-out", "6"];
  const { stdout } = await kouwen([...args, "--json"], home);
  const { promptTokens, answerTokens, cost } = JSON.parse(stdout) as Record<string, number>;
  assert.ok(cost !== undefined && cost > 0);
  assert.equal(cost, (promptTokens! * 2 + answerTokens! * 6) / 1e6);
  const told = await kouwen(args, home);
  assert.ok(told.stdout.includes(`to get back, cost ${cost.toFixed(4)}; nothing was sent`), told.stdout);
});

test("a model that is not chosen leaves the stage out, and what an earlier one made", async () => {
  const { code, stderr } = await kouwen(["augment", "--project", "killed", "--llm", ""], home);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /dialogues stay as they are/);
  await assert.rejects(readFile(join(home, "killed", "dialogues.augmented.jsonl")), /ENOENT/);
});

test("doctor shows no fewer bytes for a host than it got, even if a kill came in between", async () => {
  let received = 0;
  let kill: (() => void) | undefined;
  const server = await startLoopbackLlm((request, count) => {
    received += Buffer.byteLength(JSON.stringify(request.body));
    if (count === 40) kill?.();
    return complete(request);
  });
  after(() => server.close());
  // This machine by an address that does not say so.
  const url = server.url.replace("127.0.0.1", "0.0.0.0");
  const args = [...augmentArgs("killed", url, "--yes", "--seed", "2"), "--llm-model", "other"];
  const env = { TEST_LLM_KEY: KEY };
  const unasked = await kouwen(
    args.filter((arg) => arg !== "--yes"),
    home,
    { env },
  );
  assert.match(unasked.stderr, /nothing was sent, for nobody allowed it/);
  assert.equal(received, 0);
  const died = await kouwen(args, home, {
    env,
    onStart: (signal) => (kill = () => signal("SIGKILL")),
  });
  assert.equal(died.code, null, died.stderr);
  const doctor = await kouwen(["doctor", "none", "--json"], home);
  assert.equal(doctor.code, 0, doctor.stderr);
  const [sent, ...more] = JSON.parse(doctor.stdout).sent as {
    project: string;
    host: string;
    bytes: number;
  }[];
  assert.deepEqual([sent!.project, sent!.host, more], ["killed", new URL(url).host, []]);
  assert.ok(received > 0 && sent!.bytes >= received, `${sent!.bytes} noted, ${received} received`);
  assert.ok(sent!.bytes < 2 * received);
  const told = await kouwen(["doctor", "none"], home);
  assert.ok(told.stdout.includes(`killed: ${sent!.bytes} bytes to ${sent!.host}`), told.stdout);
});

test("dialogue --score gives points, which --least-score and --restore then go by", async () => {
  const server = await startLoopbackLlm(({ body }) => {
    const chats = JSON.parse(body.messages[1]!.content) as { id: number; messages: { content: string }[] }[];
    return {
      text: JSON.stringify(
        chats.map(({ id, messages }) => ({ id, score: (messages.length % 2) * 4 + 1 + (id % 2) })),
      ),
    };
  });
  after(() => server.close());
  const unnamed = await kouwen(["dialogue", "--project", "whole", "--score"], home);
  assert.match(unnamed.stderr, /no model is named/);
  const llm = ["--llm", "custom", "--llm-url", server.url, "--llm-model", "m"];
  const scored = await kouwen(["dialogue", "--project", "whole", "--score", ...llm, "--json"], home);
  assert.equal(scored.code, 0, scored.stderr);
  const report = JSON.parse(scored.stdout);
  assert.equal(report.scores[0] + report.scores[1], report.dialogues);
  const before = (await dialoguesOf("whole", "dialogues.jsonl")).length;
  assert.equal((await kouwen(["dialogue", "--project", "whole", "--least-score", "2"], home)).code, 0);
  const fewer = (await dialoguesOf("whole", "dialogues.jsonl")).length;
  assert.ok(fewer < before && fewer >= before - report.scores[0]);
  // Scoring again must not let back in what was left out.
  assert.equal((await kouwen(["dialogue", "--project", "whole", "--score", ...llm], home)).code, 0);
  assert.equal((await kouwen(["dialogue", "--project", "whole"], home)).code, 0);
  // Others may be held out now, and be judged after all.
  assert.ok((await dialoguesOf("whole", "dialogues.jsonl")).length <= fewer);
});
