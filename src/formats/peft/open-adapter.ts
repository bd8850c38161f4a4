import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { MalformedInput, Unavailable } from "../../errors.js";
import { readJson } from "../../files.js";
import { openSafetensors } from "../safetensors/read.js";
import type { TensorSource } from "../tensors.js";
import { CONFIG_FILE, parseAdapterConfig, type AdapterConfig } from "./adapter-config.js";

/** The file that holds an adapter's matrices. */
export const ADAPTER_FILE = "adapter_model.safetensors";

/** The files of an adapter's folder that decide what it is. */
export function adapterFiles(folder: string): string[] {
  return [CONFIG_FILE, ADAPTER_FILE].map((file) => join(folder, file));
}

/**
 * Opens a folder that PEFT saved: what its configuration says, and its matrices under PEFT's names.
 *
 * @throws {Unavailable} a file is not there
 * @throws {MalformedInput} a file is broken
 * @throws {Unsupported} not LoRA, or with an option that is not computed here
 */
export async function openAdapter(
  folder: string,
  stage: string,
): Promise<{ config: AdapterConfig; source: TensorSource }> {
  for (const file of adapterFiles(folder)) {
    if (existsSync(file)) continue;
    const path = basename(file);
    throw new Unavailable(
      `${stage} ${path}: not in the adapter's folder "${basename(folder)}". Name a folder that PEFT or kouwen train saved.`,
      { stage, path },
    );
  }
  const config = await readAdapterConfig(folder, stage);
  return { config, source: await openSafetensors([join(folder, ADAPTER_FILE)], stage) };
}

/**
 * What an adapter's configuration says.
 *
 * @throws {MalformedInput} the file is broken
 * @throws {Unsupported} not LoRA, or with an option that is not computed here
 */
export async function readAdapterConfig(folder: string, stage: string): Promise<AdapterConfig> {
  return parseAdapterConfig(await readJson(join(folder, CONFIG_FILE), stage), stage);
}

/**
 * One of an adapter's matrices.
 *
 * @throws {MalformedInput} not all numbers are finite: a run that went astray must not pass for a success
 */
export async function readMatrix(adapter: TensorSource, name: string, stage: string): Promise<Float32Array> {
  const values = await adapter.readFloat32(name);
  if (values.every(Number.isFinite)) return values;
  throw new MalformedInput(
    `${stage} ${ADAPTER_FILE}: tensor "${name}" holds values that are not finite numbers. Train again with a smaller learning rate.`,
    { stage, path: ADAPTER_FILE },
  );
}
