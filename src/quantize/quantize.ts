import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { QuantizedType, Quantizer } from "../engines/ports.js";
import { writeJson } from "../files.js";
import { openGguf } from "../formats/gguf/read.js";
import type { Run } from "../progress.js";
import type { QuantizeSettings } from "./settings.js";
import { type StoredTypes, storedTypes } from "./stored-types.js";

const STAGE = "quantize";
const MAIN_TYPE = "Q4_K_M";
/** Its rows need only be multiples of 32. */
const TRUE_FOUR_BITS = "Q4_0";

/** One file that was written: what was asked for, and what came out. */
export type QuantizedFile = {
  file: string;
  type: QuantizedType;
  sizeMb: number;
  /** Set where matrices could not have the type asked for. */
  remark?: string;
} & Omit<StoredTypes, "tensors">;

/**
 * Writes `model-q4_k_m.gguf` and `base-q4_k_m.gguf`, further types of the model where asked for, and `quantize.json`
 * with the type that every tensor really got, read back from the files. Where many had to fall back to larger types,
 * the model is written as Q4_0 too.
 *
 * @param paths F16 files of the tuned model and the base, and the folder to write to
 */
export async function quantize(
  paths: { model: string; base: string; out: string },
  settings: QuantizeSettings,
  quantizer: Quantizer,
  run: Run = {},
): Promise<{ files: QuantizedFile[] }> {
  const wanted: { name: string; source: string; type: QuantizedType }[] = [
    { name: "model", source: paths.model, type: MAIN_TYPE },
    { name: "base", source: paths.base, type: MAIN_TYPE },
    ...settings.also.map((type) => ({ name: "model", source: paths.model, type })),
  ];
  const files: QuantizedFile[] = [];
  const tensors: Record<string, StoredTypes["tensors"]> = {};
  for (const [done, { name, source, type }] of wanted.entries()) {
    run.signal?.throwIfAborted();
    const target = join(paths.out, `${name}-${type.toLowerCase()}.gguf`);
    run.onProgress?.({ stage: STAGE, done, total: wanted.length, unit: "files", note: basename(target) });
    await quantizer.quantize(source, target, type, run.signal ? { signal: run.signal } : {});
    const { tensors: types, ...file } = await readBack(target, type);
    files.push(file);
    tensors[file.file] = types;
    // Beside a Q4_K_M that is mostly of larger types, the one that really has four bits.
    const small = wanted.some((other) => other.type === TRUE_FOUR_BITS);
    if (name === "model" && file.fellBack.matrices > 0 && !small) {
      wanted.push({ name, source, type: TRUE_FOUR_BITS });
    }
  }
  run.onProgress?.({ stage: STAGE, done: wanted.length, total: wanted.length, unit: "files" });
  await writeJson(join(paths.out, "quantize.json"), STAGE, { files, tensors });
  return { files };
}

async function readBack(path: string, type: QuantizedType): Promise<QuantizedFile & StoredTypes> {
  const file = await openGguf(path, STAGE);
  try {
    const stored = storedTypes(file.tensors.values(), type.includes("_K"));
    const { matrices, of, rowLengths } = stored.fellBack;
    const lengths = rowLengths.join(" or ");
    return {
      file: basename(path),
      type,
      sizeMb: Math.round((await stat(path)).size / 1e5) / 10,
      ...(matrices > 0 && {
        remark: `${matrices} of ${of} matrices have rows of ${lengths} values, not a multiple of 256, and got a larger type than ${type} means`,
      }),
      ...stored,
    };
  } finally {
    await file.close();
  }
}
