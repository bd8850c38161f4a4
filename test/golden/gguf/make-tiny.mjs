// Writes the tiny models that make-converted.py reads. Run from the repository's root after a build:
//   node test/golden/gguf/make-tiny.mjs FOLDER
import { join } from "node:path";
import { writeTinyModel } from "../../../dist/test/tiny-model.js";

const folder = process.argv[2];
await writeTinyModel(join(folder, "llama"), { architecture: "llama", tied: true, seed: "golden" });
await writeTinyModel(join(folder, "qwen2"), { architecture: "qwen2", tied: false, seed: "golden", type: "BF16" });
