// Writes the tiny models that make-merged.py merges into. Run from the repository's root after a build:
//   node test/golden/merge/make-tiny.mjs FOLDER
import { join } from "node:path";
import { writeTinyModel } from "../../../dist/test/tiny-model.js";

const folder = process.argv[2];
const common = { seed: "golden", layers: 1 };
await writeTinyModel(join(folder, "llama"), { ...common, architecture: "llama", tied: true, type: "F32" });
await writeTinyModel(join(folder, "qwen2"), { ...common, architecture: "qwen2", tied: false, type: "F16" });
await writeTinyModel(join(folder, "dora"), { ...common, architecture: "llama", tied: false, type: "F32" });
await writeTinyModel(join(folder, "qwen3"), { ...common, architecture: "qwen3", tied: true, type: "F32" });
