import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { templateFor } from "../src/formats/template/chat-template.js";
import { loadTokenizer } from "../src/formats/tokenizer/tokenizer.js";
import { gguf } from "../src/gguf/gguf.js";
import { assertAsConverted, readConverted } from "./converted.js";

// Checks a real model against llama.cpp's converter, tensor by tensor and key by key:
//   python test/golden/gguf/make-converted.py LLAMA_CPP FOLDER - OUT.json
//   node dist/test/check-converted.js FOLDER OUT.json

const [model, golden] = process.argv.slice(2) as [string, string];
const folder = await mkdtemp(join(tmpdir(), "kouwen-converted-"));
try {
  const path = join(folder, "model.gguf");
  const template = templateFor(await loadTokenizer(model, "check"), "check");
  const { tensors } = await gguf({ model, gguf: path }, { name: basename(model), template });
  const converted = await readConverted(golden);
  await assertAsConverted(path, converted);
  console.log(`${tensors} tensors byte for byte, ${Object.keys(converted.metadata).length} metadata keys`);
} finally {
  await rm(folder, { recursive: true });
}
