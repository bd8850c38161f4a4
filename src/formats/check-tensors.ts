import { MalformedInput, Unsupported } from "../errors.js";
import { ARCHITECTURE_NAMES } from "./model-config.js";
import { printable } from "./printable.js";
import type { TensorInfo } from "./tensors.js";

/**
 * Checks that a file holds exactly the tensors that its configuration calls for, in their shapes. A tensor too many is
 * as bad as a missing one: a model that we do not understand whole would come out wrong without a word.
 *
 * @param file and @param stage for errors
 * @param ignored tells tensors that carry nothing of their own
 * @throws {MalformedInput} a tensor is missing or has another shape
 * @throws {Unsupported} a tensor that we do not know
 */
export function checkTensors(
  found: ReadonlyMap<string, TensorInfo>,
  expected: readonly { name: string; shape: readonly number[] }[],
  file: string,
  stage: string,
  ignored: (name: string) => boolean,
): void {
  const place = { stage, path: file };
  for (const { name, shape } of expected) {
    const tensor = found.get(name);
    if (!tensor) {
      throw new MalformedInput(
        `${stage} ${file}: tensor "${name}" is missing. Fetch or make the model again.`,
        place,
      );
    }
    if (tensor.shape.length !== shape.length || tensor.shape.some((length, axis) => length !== shape[axis])) {
      throw new MalformedInput(
        `${stage} ${file}: tensor "${name}" has the shape [${tensor.shape}], the configuration calls for [${shape}]. Fetch or make the model again.`,
        place,
      );
    }
  }
  const known = new Set(expected.map(({ name }) => name));
  const extra = [...found.keys()].find((name) => !known.has(name) && !ignored(name));
  if (extra !== undefined) {
    throw new Unsupported(
      `${stage} ${file}: tensor "${printable(extra)}" is none of a plain ${ARCHITECTURE_NAMES} model. Choose another model.`,
      place,
    );
  }
}

/** Hugging Face tensors without content of their own: rotary tables, and an output matrix beside tied embeddings. */
export function isRedundantTensor(name: string, tiedEmbeddings: boolean): boolean {
  return name.endsWith(".rotary_emb.inv_freq") || (tiedEmbeddings && name === "lm_head.weight");
}
