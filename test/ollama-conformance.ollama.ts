import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { templateFor } from "../src/formats/template/chat-template.js";
import { loadTokenizer } from "../src/formats/tokenizer/tokenizer.js";
import { gguf } from "../src/gguf/gguf.js";
import { goTemplate } from "../src/serve/modelfile.js";
import { type Difference, DIFFERENCES } from "./ollama-differences.js";
import { type Request, REQUESTS } from "./ollama-requests.js";
import { type Described, describeResponse } from "./ollama-response.js";
import { OLLAMA_VERSION, startOllama } from "./real-ollama.js";
import { startOurOllama } from "./our-ollama.js";
import { writeTinyModel } from "./tiny-model.js";

// The same requests go to a real Ollama and to ours, in the same order, over the same GGUF file. Both have to answer with
// the same status, headers, framing and shape, and with the same values wherever these are no matter of chance.

let home: string;
let model: Buffer;
let template: string;
let real: { url: string; close(): Promise<void> };
let ours: { url: string; close(): Promise<void> };
before(async () => {
  home = await mkdtemp(join(tmpdir(), "kouwen-conformance-"));
  const folder = join(home, "tiny");
  await writeTinyModel(folder, { architecture: "llama", tied: true, seed: "conformance" });
  const layout = templateFor(await loadTokenizer(folder, "test"), "test");
  template = goTemplate(layout);
  await gguf({ model: folder, gguf: join(home, "tiny.gguf") }, { name: "tiny", template: layout });
  model = await readFile(join(home, "tiny.gguf"));
  [real, ours] = await Promise.all([startOllama(), startOurOllama(OLLAMA_VERSION)]);
});
after(async () => {
  await Promise.all([real?.close(), ours?.close()]);
  await rm(home, { recursive: true, force: true });
});

/** `{digest}` and `{bytes}` in a request are those of the model's file, `{template}` is its chat template. */
function filled(text: string): string {
  return text
    .replaceAll("{digest}", `sha256:${createHash("sha256").update(model).digest("hex")}`)
    .replaceAll('"{template}"', JSON.stringify(template));
}

async function ask(url: string, [, method, path, body]: Request): Promise<Described> {
  const sent = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(`${url}${filled(path)}`, {
    method,
    ...(sent !== undefined && { body: sent === "{bytes}" ? model : filled(sent) }),
  });
  return describeResponse(response);
}

const SAME: Difference = { why: "", ours: (described) => described };

for (const request of REQUESTS) {
  const [title, , , , difference] = request;
  test(title, { timeout: 60_000 }, async () => {
    const expected = await ask(real.url, request);
    const found = await ask(ours.url, request);
    const { ours: meant, words }: Difference = difference ? DIFFERENCES[difference] : SAME;
    if (words) assert.deepEqual(wordless(found), wordless(meant(expected)));
    else assert.deepEqual(found, meant(expected));
  });
}

/** The same with whatever an error says. */
function wordless({ body, ...rest }: Described): Described {
  return {
    ...rest,
    body: body.map((each) => (hasError(each) ? { ...each, error: typeof each.error } : each)),
  };
}

function hasError(value: unknown): value is { error: unknown } {
  return typeof value === "object" && value !== null && "error" in value;
}
