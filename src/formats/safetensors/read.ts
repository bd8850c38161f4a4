import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { MalformedInput, Unavailable, Unsupported } from "../../errors.js";
import { readJson } from "../../files.js";
import { type ByteFile, openByteFile } from "../byte-file.js";
import { isPlain, toFloat32 } from "../plain.js";
import { rowBytes } from "../rows.js";
import type { Rows, TensorSource } from "../tensors.js";
import { readSafetensorsHeader, type StoredTensor } from "./header.js";

/** The tensors of safetensors files, with the texts that the files carry beside them. */
export type SafetensorsSource = TensorSource & {
  readonly metadata: Readonly<Record<string, string>>;
};

const shardIndex = z.looseObject({ weight_map: z.record(z.string(), z.string()) });

/**
 * Opens the weights of a Hugging Face folder: `model.safetensors`, or the shards that
 * `model.safetensors.index.json` names. Nothing but headers is read until a tensor is asked for.
 *
 * @param stage the stage word, for errors
 * @throws {Unavailable} the folder has neither file, or a shard is missing
 * @throws {MalformedInput} a header is broken, or index and shards disagree
 */
export async function openModelTensors(folder: string, stage: string): Promise<SafetensorsSource> {
  const single = join(folder, "model.safetensors");
  if (existsSync(single)) return openSafetensors([single], stage);
  const index = join(folder, "model.safetensors.index.json");
  if (!existsSync(index)) {
    throw new Unavailable(
      `${stage} ${basename(folder)}: no model.safetensors and no model.safetensors.index.json in it. Fetch the model again.`,
      { stage, path: basename(folder) },
    );
  }
  const path = basename(index);
  const refuse = (what: string): never => {
    throw new MalformedInput(`${stage} ${path}: ${what}. Fetch the model again.`, { stage, path });
  };
  const { data } = shardIndex.safeParse(await readJson(index, stage));
  const shardOf = data?.weight_map ?? refuse("no weight_map of tensor names to file names");
  const shards = [...new Set(Object.values(shardOf))].toSorted();
  // A shard is a plain name inside the folder, so that an index cannot make us open other files.
  if (!shards.every((name) => /^[\w.-]+\.safetensors$/.test(name)))
    refuse("a shard's name is not a plain file name");
  const source = await openSafetensors(
    shards.map((name) => join(folder, name)),
    stage,
  );
  const missing = Object.keys(shardOf).find((name) => !source.tensors.has(name));
  if (missing !== undefined || source.tensors.size !== Object.keys(shardOf).length) {
    await source.close();
    refuse(
      `it names ${Object.keys(shardOf).length} tensors, the shards hold ${source.tensors.size}, not the same ones`,
    );
  }
  return source;
}

/**
 * Opens safetensors files as one source: file by file, in each by name, as safetensors' own library and llama.cpp's
 * converter go through them. Errors as `openModelTensors`.
 */
export async function openSafetensors(paths: readonly string[], stage: string): Promise<SafetensorsSource> {
  const files: ByteFile[] = [];
  const close = async () => void (await Promise.all(files.map((file) => file.close())));
  const tensors = new Map<string, StoredTensor & { file: ByteFile }>();
  const metadata: Record<string, string> = {};
  try {
    for (const path of paths) {
      const file = await openByteFile(path, stage);
      files.push(file);
      const header = await readSafetensorsHeader(file, stage);
      Object.assign(metadata, header.metadata);
      for (const [name, tensor] of [...header.tensors].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
        if (tensors.has(name)) {
          throw new MalformedInput(
            `${stage} ${file.name}: a tensor in it is in another shard too. Fetch the model again.`,
            {
              stage,
              path: file.name,
            },
          );
        }
        tensors.set(name, { ...tensor, file });
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  const find = (name: string) => {
    const tensor = tensors.get(name);
    if (tensor) return tensor;
    const path = files[0]?.name ?? "model.safetensors";
    throw new MalformedInput(`${stage} ${path}: tensor "${name}" is missing. Fetch the model again.`, {
      stage,
      path,
    });
  };
  const readBytes = async (name: string, rows?: Rows, memory?: Uint8Array) => {
    const { file, shape, position, lengthBytes } = find(name);
    const { offset, length } = rowBytes(shape, lengthBytes, rows);
    return file.read(position + offset, length, memory);
  };
  return {
    tensors,
    metadata,
    readBytes,
    readFloat32: async (name, rows) => {
      const { type, file } = find(name);
      if (isPlain(type)) return toFloat32(await readBytes(name, rows), type);
      throw new Unsupported(
        `${stage} ${file.name}: tensor "${name}" has the type ${type} (F32, F16 and BF16 are read). Choose a 16-bit model.`,
        { stage, path: file.name },
      );
    },
    close,
  };
}
