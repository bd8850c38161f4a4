import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { createHost } from "../src/engines/llama-cpp/host.js";
import { createQuantizer } from "../src/engines/llama-cpp/quantizer.js";
import { openOllama } from "../src/engines/ollama/host.js";
import type { ModelHost, OllamaHost } from "../src/engines/ports.js";
import { MalformedInput, Unavailable } from "../src/errors.js";
import { resolveBase } from "../src/engines/hub/resolve-base.js";
import { readModelConfig } from "../src/formats/model-config.js";
import { readCodec } from "../src/formats/template/codec.js";
import { parseTokenizerConfig, parseTokenizerJson } from "../src/formats/tokenizer/tokenizer-json.js";
import { createTokenizer } from "../src/formats/tokenizer/tokenizer.js";
import { gguf } from "../src/gguf/gguf.js";
import { ggufAdapter } from "../src/gguf/gguf-adapter.js";
import { merge } from "../src/merge/merge.js";
import type { Run } from "../src/progress.js";
import { createRandom, normal } from "../src/random.js";
import { intoOllama } from "../src/serve/into-ollama.js";
import { goTemplate } from "../src/serve/modelfile.js";
import type { ServedModel } from "../src/serve/served-model.js";
import { checkParity, type ParityPrompt } from "../src/serve/parity.js";
import { writeAdapter } from "../src/train/adapter-files.js";
import { layoutLora, TARGETS } from "../src/train/lora.js";
import { testCache } from "./test-cache.js";
import { type RealOllama, startOllama } from "./real-ollama.js";
import { tinyTokenizer, type TokenizerFamily } from "./tiny-tokenizer.js";
import { type TinyModel, writeTinyModel } from "./tiny-model.js";

let home: string;
let real: RealOllama;
let ollama: OllamaHost;
let host: ModelHost;
before(async () => {
  home = await mkdtemp(join(tmpdir(), "kouwen-into-ollama-"));
  real = await startOllama();
  ollama = await openOllama(real.url);
  host = await createHost();
});
after(async () => {
  await host?.close();
  await real?.close();
  await rm(home, { recursive: true, force: true });
});

const PROMPTS: ParityPrompt[] = Array.from({ length: 20 }, (_, index) => ({
  id: `d${index}:${index % 3}`,
  system: index % 2 === 0 ? "You are Remy, talking to June." : null,
  turns: Array.from({ length: 1 + 2 * (index % 3) }, (_, turn) => ({
    role: turn % 2 === 0 ? ("user" as const) : ("assistant" as const),
    text: ["周六去爬山不\n几点", "ok see you there", "哈哈哈 no way", "what are you doing today?", "在吗🌹"][
      (index + turn) % 5
    ]!,
  })),
}));

/** One thread, as threads that wait for each other are slow where others compute too. */
const PARAMETERS = { num_thread: 1, num_ctx: 1024, temperature: 0.8, top_p: 0.9, repeat_penalty: 1 };

/** Ollama tells of a reply no more than its text: tokens that are no whole characters would be lost in it. */
function unreadable(family: TokenizerFamily): number[] {
  const { tokenizer: json, tokenizerConfig, size } = tinyTokenizer(family);
  const tokenizer = createTokenizer(
    parseTokenizerJson(json, "test"),
    parseTokenizerConfig(tokenizerConfig, "test"),
    "test",
  );
  return Array.from({ length: size }, (_, id) => id).filter((id) => {
    const special = json.added_tokens.some((token) => token.id === id);
    return special || tokenizer.decode([id]).includes("\uFFFD") || tokenizer.decode([id]) === "\0";
  });
}

/** The files of a project as the stages write them, of a tiny base and a random adapter. */
async function makeProject(name: string, tiny: Omit<TinyModel, "unsaid"> & { tokenizer: TokenizerFamily }) {
  const base = join(home, `${name}-base`);
  await writeTinyModel(base, { ...tiny, unsaid: unreadable(tiny.tokenizer) });
  return projectOf(name, base);
}

/** The same of a base, with an adapter that changes its weights by about this. */
async function projectOf(name: string, base: string, change = 0.05) {
  const out = join(home, name);
  const at = (file: string) => join(out, file);
  await mkdir(out, { recursive: true });
  const config = await readModelConfig(base, "test");
  const lora = { rank: 4, alpha: 8, rslora: false, targets: TARGETS };
  const random = createRandom(name);
  const { length } = layoutLora(config, lora);
  const weights = Float32Array.from({ length }, () => change * normal(random));
  await writeAdapter(at("adapter"), { config, lora, weights, baseName: "tiny" });
  await merge({ base, adapter: at("adapter"), model: at("model") });
  const { template } = await readCodec(base, "test");
  await gguf({ model: at("model"), gguf: at("model-f16.gguf") }, { name, template });
  await gguf({ model: base, gguf: at("base-f16.gguf") }, { name, template });
  await ggufAdapter({ base, adapter: at("adapter"), gguf: at("adapter.gguf") }, name);
  await (await createQuantizer()).quantize(at("model-f16.gguf"), at("model-q4_k_m.gguf"), "Q4_K_M");
  const model = (ending: string, file: string, system = "You are Remy."): ServedModel => ({
    name: `${name}-${ending}`,
    gguf: at(file),
    adapter: ending.startsWith("lora") ? at("adapter.gguf") : null,
    system,
    parameters: PARAMETERS,
    digest: "",
    sizeBytes: 0,
    modifiedAt: new Date(0),
    messages: [],
    license: [],
    parent: "",
    tuned: true,
    ofProject: true,
  });
  const models = [
    model("f16:latest", "model-f16.gguf"),
    model("q4:latest", "model-q4_k_m.gguf"),
    model("lora:latest", "base-f16.gguf"),
    model("q4:june", "model-q4_k_m.gguf", "You are Remy, talking to June."),
  ];
  return { paths: { model: at("model"), out }, models, modelF16: at("model-f16.gguf") };
}

const MODELS = {
  qwen: { architecture: "qwen2", tied: false, seed: 3, tokenizer: "qwen2" },
  smol: { architecture: "llama", tied: true, seed: 3, tokenizer: "llama" },
  deepseek: { architecture: "qwen2", tied: false, seed: 3, tokenizer: "deepseek" },
} as const;

for (const [name, tiny] of Object.entries(MODELS)) {
  describe(name, () => {
    let project: Awaited<ReturnType<typeof makeProject>>;
    before(async () => (project = await makeProject(name, tiny)));

    test("its three models and one per contact are made, and are what was trained", async () => {
      const { paths, models } = project;
      const report = await intoOllama(paths, models, PROMPTS, { ollama, host });
      const names = models.map((model) => model.name);
      assert.deepEqual(report.models, names);
      assert.equal(report.parity.length, 3);
      for (const { drifts, prompts } of report.parity) assert.deepEqual([drifts, prompts], [[], 20]);
      const there = await ollama.names();
      assert.deepEqual(
        names.filter((each) => !there.includes(each)),
        [],
      );
      const written: unknown = JSON.parse(await readFile(join(paths.out, "serve-ollama.json"), "utf8"));
      assert.deepEqual(written, report);
      const files = (await readdir(paths.out)).filter((file) => file.startsWith("Modelfile"));
      assert.deepEqual(files.sort(), ["Modelfile", "Modelfile.f16", "Modelfile.june", "Modelfile.lora"]);
    });

    test("names that are there are asked about, and nothing is replaced without leave", async () => {
      const asked: string[] = [];
      const ask: Run["ask"] = async ({ what }) => {
        asked.push(what);
        return "no";
      };
      await assert.rejects(
        intoOllama(project.paths, project.models, PROMPTS, { ollama, host }, { ask }),
        (error: Error) =>
          error instanceof MalformedInput && /are there already\. Replace/.test(error.message),
      );
      assert.equal(asked.length, 1);
    });

    test("a template that writes otherwise is found", async () => {
      const codec = await readCodec(project.paths.model, "test");
      const wrong = goTemplate(codec.template)
        .replace("{{ slice .Content 1 }}", "x")
        .replaceAll("{{ else }}{{ .Content }}{{ end }}", "{{ else }} {{ .Content }}{{ end }}");
      const blob = await ollama.putBlob(project.modelF16);
      const model = { name: `${name}-wrong`, from: { blob }, system: null, parameters: PARAMETERS };
      await ollama.create({ ...model, template: wrong });
      const loaded = await host.load(project.modelF16, { contextTokens: 1024, sequences: 1 });
      const about = { ollama, name: model.name, model: loaded, quantized: false, codec };
      const { drifts } = await checkParity(about, PROMPTS.slice(0, 4));
      await loaded.close();
      assert.equal(drifts.length, 4);
      assert.ok(drifts.every(({ by }) => by === "Ollama's template"));
    });
  });
}

test("a real model of 135 million parameters is what was trained, with each of its three models", async () => {
  const { folder } = await resolveBase("smollm2:135m", { cacheFolder: testCache("models") });
  const { paths, models } = await projectOf("real", folder, 0.002);
  const report = await intoOllama(paths, models, PROMPTS, { ollama, host });
  for (const { model, drifts, prompts, agreeing, nearTies } of report.parity) {
    assert.deepEqual([drifts, prompts], [[], 20], model);
    // Weights of half floats give the same tokens whoever adds them up.
    assert.ok(agreeing + nearTies >= (model.includes("q4") ? 18 : 20), `${model}: ${agreeing} + ${nearTies}`);
  }
});

test("a call that is stopped while it sends goes on where it was", async () => {
  const { paths, models } = await makeProject("stopped", {
    architecture: "llama",
    tied: true,
    seed: 9,
    tokenizer: "llama",
  });
  const stop = new AbortController();
  const onProgress: Run["onProgress"] = ({ note }) => {
    if (note === "sending model-q4_k_m.gguf") stop.abort(new Error("stopped"));
  };
  const engines = { ollama, host };
  await assert.rejects(
    intoOllama(paths, models, PROMPTS, engines, { onProgress, signal: stop.signal }),
    /stopped/,
  );
  const sent = new Set<string>();
  await intoOllama(paths, models, PROMPTS, engines, {
    ask: async () => "yes",
    onProgress: ({ note }) => note?.startsWith("sending") && sent.add(note),
  });
  assert.ok(!sent.has("sending model-f16.gguf"), "it was there");
  assert.ok(sent.has("sending model-q4_k_m.gguf"));
});

test("where no Ollama runs it is said how to start one", async () => {
  const gone = await startOllama();
  await gone.close();
  await assert.rejects(openOllama(gone.url), (error: Error) => {
    assert.ok(error instanceof Unavailable);
    assert.match(
      error.message,
      /^serve 127\.0\.0\.1:\d+: no Ollama answers there\. Start it with: ollama serve/,
    );
    return true;
  });
});
