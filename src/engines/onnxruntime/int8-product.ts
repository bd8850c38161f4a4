import type { Graph, Value } from "../../formats/onnx/graph.js";

/** Steps of a symmetric 8-bit number on either side of zero. */
const STEPS = 127;

/**
 * A · W in 8-bit numbers, for `a` [tokens, outputs] and `weight` [outputs, inputs], both float32: [tokens, inputs].
 *
 * Each row of the weight has a scale of its own, which goes into the column of `a` that meets it; after that each row of
 * `a` has one too. So no scale lies inside a sum, sums are exact whole numbers, and a token with a small gradient is as
 * precise as one with a large one. Relative error about 1 %, independent from token to token.
 *
 * `a` is rounded to unsigned numbers around 128: the product of unsigned by signed is the one that processors have an
 * instruction for (VNNI), and the only fast one in onnxruntime on x86.
 */
export function int8Product(graph: Graph, a: Value, weight: Value): Value {
  const weightScale = graph.op("Mul", [largest(graph, weight), graph.scalar(1 / STEPS)]);
  const rounded = graph.op("QuantizeLinear", [
    graph.op("Div", [weight, weightScale]),
    graph.scalar(1),
    graph.int8(0),
  ]);
  const scaled = graph.op("Mul", [a, graph.op("Reshape", [weightScale, graph.integers([1, -1])])]);
  const rowScale = graph.op("Mul", [largest(graph, scaled), graph.scalar(1 / STEPS)]);
  const middle = graph.uint8(128);
  const pieces = graph.op("QuantizeLinear", [graph.op("Div", [scaled, rowScale]), graph.scalar(1), middle]);
  const one = graph.scalar(1);
  const product = graph.msOp("MatMulIntegerToFloat", [pieces, rounded, one, one, middle]);
  return graph.op("Mul", [product, rowScale]);
}

/** The largest magnitude of each row, [rows, 1]; of a row of zeros a tiny number, so that dividing by it is harmless. */
function largest(graph: Graph, rows: Value): Value {
  const axis = { axes: { ints: [-1] } };
  const highest = graph.op("ReduceMax", [rows], axis);
  const lowest = graph.op("ReduceMin", [rows], axis);
  return graph.op("Max", [highest, graph.op("Neg", [lowest]), graph.scalar(1e-30)]);
}
