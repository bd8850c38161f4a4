import assert from "node:assert/strict";
import { access, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { readPersona } from "../personas/read.js";
import { writeMemoTrace } from "../personas/write-memotrace.js";
import type { Ablation } from "../src/project/ablate.js";
import { packageRoot } from "../src/project/paths.js";
import { kouwen } from "./kouwen.js";
import { type Reaction, type SeenRequest, startLoopbackLlm } from "./loopback-llm.js";
import { writeTinyModel } from "./tiny-model.js";

let home: string;
const file = (name: string) => join(home, "aze", name);
const ablation = async () => JSON.parse(await readFile(file("ablation.json"), "utf8")) as Ablation;

before(async () => {
  home = await mkdtemp(join(tmpdir(), "kouwen-ablate-"));
  const chats = join(home, "chats");
  await writeMemoTrace(await readPersona(join(packageRoot, "personas/aze")), chats, {
    generation: "v2-plain",
  });
  await writeTinyModel(join(home, "base"), { architecture: "qwen2", tied: true, seed: 5 });
  const imported = await kouwen(
    ["import", chats, "--owner", "阿泽", "--sample", "30", "--project", "aze"],
    home,
  );
  assert.equal(imported.code, 0, imported.stderr);
  assert.equal((await kouwen(["dialogue", "--project", "aze"], home)).code, 0);
  const project = JSON.parse(await readFile(file("kouwen.json"), "utf8")) as Record<string, unknown>;
  project["base"] = join(home, "base");
  project["settings"] = {
    ...(project["settings"] as object),
    train: { epochs: 1, learningRate: 0.01, checkpointSteps: 1, force: true },
  };
  await writeFile(file("kouwen.json"), JSON.stringify(project));
});
after(() => rm(home, { recursive: true }));

/** Adds two exchanges, so that there are more replies to learn from. */
function answer({ body }: SeenRequest): Reaction {
  const fragment = JSON.parse(body.messages[1]!.content.split("\n\n")[0]!) as object[];
  const exchange = [
    { role: "user", content: "好" },
    { role: "assistant", content: "嗯嗯" },
  ];
  return { text: JSON.stringify([...fragment, ...exchange, ...exchange]) };
}

test("both sides take the same steps and are held against the same real replies; killed, it goes on", async () => {
  const missing = await kouwen(["augment", "--ablate", "--project", "aze"], home);
  assert.equal(missing.code, 1);
  assert.match(
    missing.stderr,
    /no dialogue has been completed yet\. Run kouwen augment with --llm first\.\n$/,
  );

  const server = await startLoopbackLlm(answer);
  after(() => server.close());
  const args = [
    "augment",
    "--project",
    "aze",
    "--llm",
    "custom",
    "--llm-url",
    server.url,
    "--llm-model",
    "m",
    "--ablate",
  ];
  let kill: ((signal: NodeJS.Signals) => void) | undefined;
  const killed = await kouwen(args, home, {
    onStart: (signal) => (kill = signal),
    onError: (text) => /steps without made-up turns/.test(text) && kill!("SIGKILL"),
  });
  assert.equal(killed.code, null, killed.stderr);
  await access(file("ablation"));

  const { code, stdout, stderr } = await kouwen(args, home);
  assert.equal(code, 0, stderr);
  const made = await ablation();
  assert.ok(made.with.replies > made.without.replies);
  assert.ok(made.without.epochs > made.with.epochs);
  assert.ok(Math.abs(made.difference - (made.with.heldOutLoss - made.without.heldOutLoss)) < 1e-9);
  assert.ok(made.interval === null || made.interval[0] <= made.interval[1]);
  assert.match(stdout, new RegExp(`^${made.steps} steps each, real replies only:\n`));
  assert.match(stdout, /nats a token.*; (the made-up turns (help|harm)|that may be chance)/);
  await assert.rejects(access(file("ablation")), "nothing is left behind");

  // The same again, undisturbed, comes to the same.
  const again = await kouwen(args, home);
  assert.equal(again.code, 0, again.stderr);
  assert.deepEqual(await ablation(), made);
});
