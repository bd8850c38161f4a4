import { spawn } from "node:child_process";
import { copyFile, mkdtemp, open, readFile, rm, stat } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeJson } from "../src/files.js";
import { modelTensors } from "../src/formats/gguf/layout.js";
import { parseModelConfig } from "../src/formats/model-config.js";
import { elementCount, fromFloat32, PLAIN_BYTES } from "../src/formats/plain.js";
import { writeSafetensors } from "../src/formats/safetensors/write.js";
import { templateFor } from "../src/formats/template/chat-template.js";
import { loadTokenizer } from "../src/formats/tokenizer/tokenizer.js";
import type { PlainType } from "../src/formats/tensors.js";
import { gguf } from "../src/gguf/gguf.js";
import { createRandom, normal } from "../src/random.js";
import { tinyTokenizer } from "../test/tiny-tokenizer.js";

// How fast does a safetensors folder become an F16 GGUF, beside a plain copy of the file and llama.cpp's converter?
//   node dist/bench/gguf.js [<llama.cpp source tree> <python with torch and transformers>]
// Every way runs in a process of its own, in turns; all of them end with the bytes on the disk.

const ROUNDS = 3;
/** The shape of Qwen2.5-1.5B; with so many layers the folders have about 3 and 1 GB. */
const SIZES: readonly { type: PlainType; layers: number }[] = [
  { type: "BF16", layers: 28 },
  { type: "F16", layers: 6 },
];

/** The converter does not know a made-up vocabulary's pre-tokenizer by its hash, so that it is told. */
const CONVERTER = `
import runpy, sys
tree, model, out = sys.argv[1:]
sys.path[:0] = [tree, tree + "/gguf-py"]
import conversion.base
conversion.base.TextModel.get_vocab_base_pre = lambda self, tokenizer: "qwen2"
sys.argv = ["convert_hf_to_gguf.py", model, "--outtype", "f16", "--outfile", out]
runpy.run_path(tree + "/convert_hf_to_gguf.py", run_name="__main__")
import os
with open(out, "r+b") as file:
    os.fsync(file.fileno())
`;

const [command, ...rest] = process.argv.slice(2);
if (command === "ours") await exportOnce(rest[0]!, rest[1]!);
else if (command === "copy") await copyOnce(rest[0]!, rest[1]!);
else await compare(command, rest[0]);

async function exportOnce(model: string, path: string): Promise<void> {
  const template = templateFor(await loadTokenizer(model, "bench"), "bench");
  await gguf({ model, gguf: path }, { name: "bench", template });
}

async function copyOnce(model: string, path: string): Promise<void> {
  await copyFile(join(model, "model.safetensors"), path);
  const handle = await open(path, "r+");
  await handle.sync();
  await handle.close();
}

async function compare(llamaCpp: string | undefined, python: string | undefined): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "kouwen-bench-gguf-"));
  const [model, out] = [join(folder, "model"), join(folder, "out.gguf")];
  const self = fileURLToPath(import.meta.url);
  const ways: [name: string, command: string, args: string[]][] = [
    ["ours", process.execPath, [self, "ours", model, out]],
    ["copy", process.execPath, [self, "copy", model, out]],
  ];
  if (llamaCpp !== undefined && python !== undefined) {
    ways.push(["converter", python, ["-c", CONVERTER, llamaCpp, model, out]]);
  }
  try {
    for (const { type, layers } of SIZES) {
      await writeRandomModel(model, type, layers);
      const { size } = await stat(join(model, "model.safetensors"));
      console.log(`${type}, ${(size / 1e9).toFixed(2)} GB, load ${loadavg()[0]!.toFixed(2)}`);
      const best = new Map<string, { seconds: number; peakMb: number }>();
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const [name, program, args] of ways) {
          const { seconds, peakMb } = await measure(program, args);
          await rm(out);
          const before = best.get(name) ?? { seconds: Infinity, peakMb: 0 };
          best.set(name, {
            seconds: Math.min(before.seconds, seconds),
            peakMb: Math.max(before.peakMb, peakMb),
          });
        }
      }
      const ours = best.get("ours")!.seconds;
      for (const [name, { seconds, peakMb }] of best) {
        const speed = `${seconds.toFixed(2)} s, ${(size / seconds / 1e6).toFixed(0)} MB/s, peak ${peakMb} MB`;
        console.log(
          `  ${name.padEnd(9)} ${speed}${name === "ours" ? "" : `; ours is ${(seconds / ours).toFixed(2)} times as fast`}`,
        );
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Seconds that a program takes, and the most memory it ever had, in MB; 0 where the system does not say. */
async function measure(program: string, args: string[]): Promise<{ seconds: number; peakMb: number }> {
  const start = performance.now();
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-2000)));
  let peakMb = 0;
  const watch = setInterval(() => {
    void readFile(`/proc/${child.pid}/status`, "utf8").then(
      (text) => (peakMb = Math.max(peakMb, Math.round(Number(/VmHWM:\s+(\d+)/.exec(text)?.[1] ?? 0) / 1000))),
      () => {},
    );
  }, 20);
  const code = await new Promise((resolve) => child.once("close", resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`${program} ended with ${String(code)}: ${complaint}`);
  return { seconds: (performance.now() - start) / 1000, peakMb };
}

/** Weights of the size of trained ones, random in a block of four million that repeats. */
async function writeRandomModel(folder: string, type: PlainType, layers: number): Promise<void> {
  const tokens = tinyTokenizer("qwen2");
  const json = {
    architectures: ["Qwen2ForCausalLM"],
    bos_token_id: tokens.endOfTextId,
    eos_token_id: tokens.endId,
    hidden_act: "silu",
    hidden_size: 1536,
    intermediate_size: 8960,
    max_position_embeddings: 32768,
    model_type: "qwen2",
    num_attention_heads: 12,
    num_hidden_layers: layers,
    num_key_value_heads: 2,
    rms_norm_eps: 1e-6,
    rope_theta: 1_000_000,
    tie_word_embeddings: true,
    torch_dtype: "bfloat16",
    vocab_size: 151_936,
  };
  await writeJson(join(folder, "config.json"), "bench", json);
  await writeJson(join(folder, "tokenizer.json"), "bench", tokens.tokenizer);
  await writeJson(join(folder, "tokenizer_config.json"), "bench", tokens.tokenizerConfig);
  const random = createRandom("bench");
  const block = fromFloat32(
    Float32Array.from({ length: 1 << 22 }, () => 0.02 * normal(random)),
    type,
  );
  // By name, as safetensors' own library stores tensors of one type.
  const tensors = modelTensors(parseModelConfig(json, "bench"))
    .map((tensor) => ({ ...tensor, type }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  await writeSafetensors(join(folder, "model.safetensors"), "bench", tensors, async function* ({ shape }) {
    let left = elementCount(shape) * PLAIN_BYTES[type];
    for (; left > 0; left -= block.byteLength) yield block.subarray(0, Math.min(left, block.byteLength));
  });
}
