import { Unsupported } from "../../errors.js";
import { openGguf } from "./read.js";

/**
 * Refuses a GGUF that is no LoRA adapter for a model: llama.cpp trusts what such a file says of itself.
 *
 * @throws {Unsupported} it is something else, or its matrices do not fit the model's
 * @throws {MalformedInput} the file is broken
 */
export async function checkGgufAdapter(path: string, modelPath: string, stage: string): Promise<void> {
  const adapter = await openGguf(path, stage);
  const model = await openGguf(modelPath, stage).catch(async (error: unknown) => {
    await adapter.close();
    throw error;
  });
  const refuse = (what: string): never => {
    const message = `${stage} ${adapter.name}: ${what}. Make the adapter again for this model.`;
    throw new Unsupported(message, { stage, path: adapter.name });
  };
  try {
    const said = (key: string) => adapter.metadata.get(key)?.value;
    if (said("general.type") !== "adapter" || said("adapter.type") !== "lora")
      refuse("it is no LoRA adapter");
    const architecture = model.metadata.get("general.architecture")?.value;
    if (said("general.architecture") !== architecture) {
      refuse(`it is for another architecture than ${String(architecture)}`);
    }
    // llama.cpp ends the process where this number has another type.
    if (adapter.metadata.get("adapter.lora.alpha")?.type !== "float32") {
      refuse(`it has no float32 "adapter.lora.alpha"`);
    }
    if (adapter.metadata.has("adapter.alora.invocation_tokens")) refuse("it works only after certain tokens");
    for (const { name, type, shape } of adapter.tensors.values()) {
      const [, target, half] = /^(.+)\.lora_([ab])$/.exec(name) ?? [];
      const partner = adapter.tensors.get(`${target}.lora_${half === "a" ? "b" : "a"}`);
      const adapted = model.tensors.get(target ?? "");
      if (!partner || !adapted) return refuse(`tensor "${name}" has no partner, or no tensor to be added to`);
      if (type !== "F32" && type !== "F16") refuse(`tensor "${name}" has the type ${type}`);
      if (shape.length !== 2 || adapted.shape.length !== 2)
        refuse(`tensor "${name}" is no matrix for a matrix`);
    }
    for (const [name, a] of adapter.tensors) {
      if (!name.endsWith(".lora_a")) continue;
      const b = adapter.tensors.get(name.replace(/a$/, "b"))!;
      const [rows, columns] = model.tensors.get(name.slice(0, -".lora_a".length))!.shape;
      if (a.shape[1] !== columns || b.shape[0] !== rows || a.shape[0] !== b.shape[1]) {
        refuse(`the matrices for "${name.slice(0, -7)}" do not fit it`);
      }
    }
  } finally {
    await adapter.close();
    await model.close();
  }
}
