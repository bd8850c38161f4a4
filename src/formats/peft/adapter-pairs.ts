import { MalformedInput, Unsupported } from "../../errors.js";
import { printable } from "../printable.js";
import type { TensorInfo } from "../tensors.js";
import type { AdapterConfig } from "./adapter-config.js";

/**
 * The names of the matrices that adapt one tensor: a is [rank, columns], b is [rows, rank]; of a DoRA adapter also of the
 * lengths of its rows, [rows].
 */
export type Pair = { a: string; b: string; magnitude?: string };

const file = "adapter_model.safetensors";
// PEFT saves lengths without ".weight", and reads them under either name.
const KEY = /^base_model\.model\.(.+)\.(?:lora_([AB])\.weight|lora_magnitude_vector(?:\.weight)?)$/;

/**
 * Finds what the tensors of an adapter belong to, and checks that they fit.
 *
 * @param adapter tensors by their PEFT names, `base_model.model.<module>.lora_A.weight` and `…lora_B.weight`, of a DoRA adapter
 * also `…lora_magnitude_vector` or `…lora_magnitude_vector.weight`
 * @param base tensors by their names
 * @returns by the base tensor's name, `<module>.weight`
 * @throws {Unsupported} a tensor that is none of these
 * @throws {MalformedInput} a half is missing, a shape does not fit, or the module is not in the base or not a target
 * @source PEFT 0.21, `get_peft_model_state_dict`
 */
export function adapterPairs(
  adapter: ReadonlyMap<string, TensorInfo>,
  base: ReadonlyMap<string, Pick<TensorInfo, "shape">>,
  { rank, targets, dora }: Pick<AdapterConfig, "rank" | "targets" | "dora">,
  stage: string,
): Map<string, Pair> {
  const place = { stage, path: file };
  const refuse = (what: string): never => {
    throw new MalformedInput(
      `${stage} ${file}: ${what}. Use the base it was trained on, or train again.`,
      place,
    );
  };
  const halves = new Map<string, Partial<Pair>>();
  for (const name of adapter.keys()) {
    const [, module, half] = KEY.exec(name) ?? [];
    if (module === undefined || (half === undefined && !dora)) {
      const what = `tensor "${printable(name)}" is not a LoRA matrix of a linear layer`;
      throw new Unsupported(`${stage} ${file}: ${what}. Train a plain LoRA adapter.`, place);
    }
    const part = half === undefined ? "magnitude" : half === "A" ? "a" : "b";
    const found = halves.get(module);
    if (found?.[part] !== undefined) refuse(`"${printable(module)}" has its lora_magnitude_vector twice`);
    halves.set(module, { ...found, [part]: name });
  }
  const pairs = new Map<string, Pair>();
  for (const [module, { a, b, magnitude }] of halves) {
    const shown = printable(module);
    if (a === undefined && b === undefined) return refuse(`"${shown}" has none of its two matrices`);
    if (a === undefined || b === undefined) {
      return refuse(`"${shown}" has only one of its two matrices, lora_${a === undefined ? "B" : "A"}`);
    }
    if (dora && magnitude === undefined) refuse(`"${shown}" has no lora_magnitude_vector`);
    const weight = base.get(`${module}.weight`) ?? refuse(`"${shown}" is not in the base model`);
    if (weight.shape.length !== 2) refuse(`"${shown}" is not a matrix in the base model`);
    if (targets && !targets.some((target) => module === target || module.endsWith(`.${target}`))) {
      refuse(`"${shown}" is none of the target_modules`);
    }
    const [rows, columns] = weight.shape;
    const expect = (name: string, expected: (number | undefined)[]) => {
      const { shape } = adapter.get(name)!;
      if (shape.length !== expected.length || shape.some((size, at) => size !== expected[at])) {
        refuse(`"${printable(name)}" has the shape [${shape}], rank and base call for [${expected}]`);
      }
    };
    expect(a, [rank, columns]);
    expect(b, [rows, rank]);
    if (magnitude !== undefined) expect(magnitude, [rows]);
    pairs.set(`${module}.weight`, magnitude === undefined ? { a, b } : { a, b, magnitude });
  }
  const unused = targets?.find(
    (target) => ![...halves.keys()].some((module) => `.${module}`.endsWith(`.${target}`)),
  );
  if (unused !== undefined) refuse(`no matrices for the target "${printable(unused)}"`);
  return pairs;
}
