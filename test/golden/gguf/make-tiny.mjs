// Writes the tiny models that make-converted.py reads. Run from the repository's root after a build:
//   node test/golden/gguf/make-tiny.mjs FOLDER
import { join } from "node:path";
import { TINY_MODELS } from "../../../dist/test/golden-models.js";
import { writeTinyModel } from "../../../dist/test/tiny-model.js";

const folder = process.argv[2];
for (const [name, model] of Object.entries(TINY_MODELS)) await writeTinyModel(join(folder, name), model);
