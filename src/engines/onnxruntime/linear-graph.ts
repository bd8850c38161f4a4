import type { Graph, Value } from "../../formats/onnx/graph.js";
import { hasBias, linearSize, loraScale, type Target } from "../../train/lora.js";
import { maskedInputs } from "./dropout-masks.js";
import { int8Product } from "./int8-product.js";
import { blockSize } from "./int8-weights.js";
import { TOKENS, toFloat32, type LayerShape } from "./layer-parts.js";
import { gradientProduct, weightType } from "./number-types.js";

/**
 * A linear layer's weight with its LoRA pair added, [outputs, inputs], and the pair if it has one. With dropout the
 * pair is not added: it reads other values than the frozen weight then.
 */
type Linear = { weight: Value; pair?: { a: Value; b: Value } };

/** Masks of dropout by the layer that has them, [tokens, inputs]; none without dropout. */
export type Masks = ReadonlyMap<Target, Value>;

/** Declares the masks as inputs, one for all pairs that read the same activation. */
export function maskInputs(graph: Graph, { config, lora, dropout }: LayerShape): Masks {
  const masks = new Map<Target, Value>();
  if (!dropout) return masks;
  for (const { name, width, targets } of maskedInputs(config, lora)) {
    const mask = graph.input(name, "float32", [TOKENS, width]);
    for (const target of targets) masks.set(target, mask);
  }
  return masks;
}

/**
 * Declares a linear layer's matrices as inputs and adds the pair to the weight: W + scale · B · A.
 *
 * Merging first costs rank / tokens of the product itself and saves two thin products and their sums a run.
 */
function declareLinear(graph: Graph, shape: LayerShape, target: Target): Linear {
  const { config, lora, dropout } = shape;
  const { inputs, outputs } = linearSize(config, target);
  const weight = declareWeight(graph, shape, target);
  if (!lora.targets.includes(target)) return { weight };
  const a = graph.input(`${target}.lora_A`, "float32", [lora.rank, inputs]);
  const b = graph.input(`${target}.lora_B`, "float32", [outputs, lora.rank]);
  if (dropout) return { weight, pair: { a, b } };
  const merged = graph.op("Gemm", [b, a, weight], { alpha: { float: loraScale(lora) } });
  return { weight: merged, pair: { a, b } };
}

/** A frozen matrix as float32, [outputs, inputs], from whatever it is held as. */
function declareWeight(graph: Graph, { config, types }: LayerShape, target: Target): Value {
  const { inputs, outputs } = linearSize(config, target);
  const type = weightType(types, target);
  const stored = graph.input(`${target}.weight`, type, [outputs, inputs]);
  if (type === "float32") return stored;
  if (type === "float16") return toFloat32(graph, stored);
  const size = blockSize(inputs);
  const scales = graph.input(`${target}.scales`, "float16", [(outputs * inputs) / size]);
  const blocks = graph.op("Reshape", [stored, graph.integers([-1, size])]);
  const values = graph.op("DequantizeLinear", [blocks, toFloat32(graph, scales)], { axis: { int: 0 } });
  return graph.op("Reshape", [values, graph.integers([outputs, inputs])]);
}

/** [tokens, inputs] to [tokens, outputs]; with its bias where the model has one. */
export function linearForward(
  graph: Graph,
  shape: LayerShape,
  input: Value,
  target: Target,
  masks: Masks,
): Value {
  const { config, lora } = shape;
  const { weight, pair } = declareLinear(graph, shape, target);
  const operands = [input, weight];
  if (hasBias(config, target)) {
    operands.push(graph.input(`${target}.bias`, "float32", [linearSize(config, target).outputs]));
  }
  const output = graph.op("Gemm", operands, { transB: { int: 1 } });
  const mask = masks.get(target);
  if (!mask || !pair) return output;
  const down = graph.op("Gemm", [graph.op("Mul", [input, mask]), pair.a], { transB: { int: 1 } });
  return graph.op("Gemm", [down, pair.b, output], { transB: { int: 1 }, alpha: { float: loraScale(lora) } });
}

/**
 * The gradient of the input of linear layers that share it.
 *
 * Makes the gradients of their LoRA pairs outputs of the graph: `<target>.grad_B`, [outputs, rank], and, with the A
 * matrices on top of each other, `<first target>.grad_A`, [targets · rank, inputs]. With u = dy · B and d = x · Aᵀ they
 * are dA = scale · uᵀ · x and dB = scale · dyᵀ · d. With dropout x is the masked input here, and the gradient that
 * goes through the pair is masked likewise.
 */
export function linearBackward(
  graph: Graph,
  shape: LayerShape,
  input: Value,
  gradients: readonly (readonly [Target, Value])[],
  masks: Masks,
): Value {
  const { config, lora } = shape;
  const scale = { float: loraScale(lora) };
  const trained: { target: Target; a: Value; b: Value; dOutput: Value }[] = [];
  const products = gradients.map(([target, dOutput]) => {
    const { weight, pair } = declareLinear(graph, shape, target);
    if (pair) trained.push({ target, dOutput, ...pair });
    return { target, a: dOutput, weight, ...linearSize(config, target) };
  });
  const dInput = products.reduce<Value | undefined>((sum, product) => {
    if (gradientProduct(shape.types, product.target) === "int8") {
      const rounded = int8Product(graph, product);
      return sum === undefined ? rounded : graph.op("Add", [sum, rounded]);
    }
    // The third operand of Gemm is added in the same pass.
    const operands = [product.a, product.weight];
    return graph.op("Gemm", sum === undefined ? operands : [...operands, sum]);
  }, undefined)!;
  const [first] = trained;
  if (!first) return dInput;

  const rows = trained.length * lora.rank;
  const { inputs } = linearSize(config, first.target);
  const stacked =
    trained.length === 1 ? first.a : graph.input(`${first.target}.stacked_A`, "float32", [rows, inputs]);
  const mask = masks.get(first.target);
  const read = mask ? graph.op("Mul", [input, mask]) : input;
  const down = graph.op("Gemm", [read, stacked], { transB: { int: 1 } });
  const sizes = graph.integers(trained.map(() => lora.rank));
  const downs = graph.ops("Split", [down, sizes], trained.length, { axis: { int: 1 } });
  trained.forEach(({ target, dOutput }, index) => {
    const gradB = graph.op("Gemm", [dOutput, downs[index]!], { transA: { int: 1 }, alpha: scale });
    graph.output(`${target}.grad_B`, gradB, [linearSize(config, target).outputs, lora.rank]);
  });
  const ups = trained.map(({ dOutput, b }) => graph.op("MatMul", [dOutput, b]));
  const up = graph.op("Concat", ups, { axis: { int: 1 } });
  const gradA = graph.op("Gemm", [up, read], { transA: { int: 1 }, alpha: scale });
  graph.output(`${first.target}.grad_A`, gradA, [rows, inputs]);
  if (!mask) return dInput;
  const throughPairs = graph.op("Gemm", [up, stacked], { alpha: scale });
  return graph.op("Add", [dInput, graph.op("Mul", [throughPairs, mask])]);
}
