import type { Graph, Value } from "../../formats/onnx/graph.js";
import { hasBias, linearSize, loraScale, type Target } from "../../train/lora.js";
import type { LayerShape } from "./layer-parts.js";

/** A linear layer's weight with its LoRA pair added, [outputs, inputs], and the pair if it has one. */
type Linear = { weight: Value; pair?: { a: Value; b: Value } };

/**
 * Declares a linear layer's matrices as inputs and adds the pair to the weight: W + scale · B · A.
 *
 * Merging first costs rank / tokens of the product itself and saves two thin products and their sums a run.
 */
function declareLinear(graph: Graph, { config, lora, weightType }: LayerShape, target: Target): Linear {
  const { inputs, outputs } = linearSize(config, target);
  const stored = graph.input(`${target}.weight`, weightType, [outputs, inputs]);
  const weight = weightType === "float16" ? graph.op("Cast", [stored], { to: { int: 1 } }) : stored;
  if (!lora.targets.includes(target)) return { weight };
  const a = graph.input(`${target}.lora_A`, "float32", [lora.rank, inputs]);
  const b = graph.input(`${target}.lora_B`, "float32", [outputs, lora.rank]);
  const merged = graph.op("Gemm", [b, a, weight], { alpha: { float: loraScale(lora) } });
  return { weight: merged, pair: { a, b } };
}

/** [tokens, inputs] to [tokens, outputs]; with its bias where the model has one. */
export function linearForward(graph: Graph, shape: LayerShape, input: Value, target: Target): Value {
  const { config } = shape;
  const { weight } = declareLinear(graph, shape, target);
  const operands = [input, weight];
  if (hasBias(config, target)) {
    operands.push(graph.input(`${target}.bias`, "float32", [linearSize(config, target).outputs]));
  }
  return graph.op("Gemm", operands, { transB: { int: 1 } });
}

/**
 * The gradient of the input of linear layers that share it.
 *
 * Makes the gradients of their LoRA pairs outputs of the graph: `<target>.grad_B`, [outputs, rank], and, with the A
 * matrices on top of each other, `<first target>.grad_A`, [targets · rank, inputs]. With u = dy · B and d = x · Aᵀ they
 * are dA = scale · uᵀ · x and dB = scale · dyᵀ · d.
 */
export function linearBackward(
  graph: Graph,
  shape: LayerShape,
  input: Value,
  gradients: readonly (readonly [Target, Value])[],
): Value {
  const { config, lora } = shape;
  const scale = { float: loraScale(lora) };
  const trained: { target: Target; a: Value; b: Value; dOutput: Value }[] = [];
  const products = gradients.map(([target, dOutput]) => {
    const { weight, pair } = declareLinear(graph, shape, target);
    if (pair) trained.push({ target, dOutput, ...pair });
    return [dOutput, weight];
  });
  // The third operand of Gemm is added in the same pass.
  const dInput = products.reduce<Value | undefined>(
    (sum, product) => graph.op("Gemm", sum === undefined ? product : [...product, sum]),
    undefined,
  )!;
  const [first] = trained;
  if (!first) return dInput;

  const rows = trained.length * lora.rank;
  const { inputs } = linearSize(config, first.target);
  const stacked =
    trained.length === 1 ? first.a : graph.input(`${first.target}.stacked_A`, "float32", [rows, inputs]);
  const down = graph.op("Gemm", [input, stacked], { transB: { int: 1 } });
  const sizes = graph.integers(trained.map(() => lora.rank));
  const downs = graph.ops("Split", [down, sizes], trained.length, { axis: { int: 1 } });
  trained.forEach(({ target, dOutput }, index) => {
    const gradB = graph.op("Gemm", [dOutput, downs[index]!], { transA: { int: 1 }, alpha: scale });
    graph.output(`${target}.grad_B`, gradB, [linearSize(config, target).outputs, lora.rank]);
  });
  const ups = trained.map(({ dOutput, b }) => graph.op("MatMul", [dOutput, b]));
  const up = graph.op("Concat", ups, { axis: { int: 1 } });
  const gradA = graph.op("Gemm", [up, input], { transA: { int: 1 }, alpha: scale });
  graph.output(`${first.target}.grad_A`, gradA, [rows, inputs]);
  return dInput;
}
