import { writeSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createHost } from "../../src/engines/llama-cpp/host.js";
import { KouwenError } from "../../src/errors.js";
import { ARCHITECTURES } from "../../src/formats/model-config.js";
import { createRandom } from "../../src/random.js";
import { pick } from "./hostile.js";
import { microModel } from "./micro-model.js";
import { mutateGguf } from "./mutate-gguf.js";

// node dist/test/fuzz/load-main.js --seed <text> --from <first case> --count <how many>: loads that many damaged GGUF
// files into llama.cpp as `chat` and `compare` do, and scores a token. Lines as those of main.ts.
const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    count: { type: "string", default: "1" },
  },
});
const say = (line: string) => writeSync(1, `${line}\n`);

const folder = await mkdtemp(join(tmpdir(), "kouwen-load-"));
const files: Buffer[] = [];
for (const name of ARCHITECTURES) files.push((await microModel(join(folder, name), name))["model.gguf"]!);
const host = await createHost();
const path = join(folder, "damaged.gguf");
const counts = { read: 0, refused: 0 };
const first = Number(values.from);
for (let index = first; index < first + Number(values.count); index += 1) {
  say(`case ${index}`);
  const random = createRandom(`${values.seed} ${index}`);
  await writeFile(path, mutateGguf(pick(random, files), random));
  try {
    const model = await host.load(path, { contextTokens: 64, sequences: 1 });
    try {
      await model.score([5, 6], [7]);
      model.tokenize("在吗 what's up <|im_end|>", true);
    } finally {
      await model.close();
    }
    counts.read += 1;
  } catch (error) {
    if (error instanceof KouwenError) counts.refused += 1;
    else say(`failed case ${index}, seed ${values.seed}: ${String(error).slice(0, 300)}`);
  }
}
say(`rss ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
say(JSON.stringify(counts));
await host.close();
await rm(folder, { recursive: true });
