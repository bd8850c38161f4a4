import type { Graph, Value } from "../../formats/onnx/graph.js";

/** Steps of a symmetric 8-bit number on either side of zero. */
const STEPS = 127;
/** Values of a row of gradients that share a scale, about, and the most such groups of a row. */
const GROUP = 384;
const MOST_GROUPS = 4;

/**
 * A · W in 8-bit numbers, for `a` [tokens, outputs] and `weight` [outputs, inputs], both float32: [tokens, inputs].
 *
 * Each row of the weight has a scale of its own, which goes into the column of `a` that meets it. After that each row of
 * `a` is cut into groups with a scale each, and the groups' products are summed as float32: gradients have few large
 * values and many small ones, and a large one coarsens only its own group. Sums inside a group are exact whole numbers.
 *
 * `a` is rounded to unsigned numbers around 128: the product of unsigned by signed is the one that processors have an
 * instruction for (VNNI), and the only fast one in onnxruntime on x86.
 */
export function int8Product(
  graph: Graph,
  { a, weight, outputs, inputs }: { a: Value; weight: Value; outputs: number; inputs: number },
): Value {
  const groups = groupCount(outputs, inputs);
  const one = graph.scalar(1);
  const middle = graph.uint8(128);
  const weightScale = scaleOf(graph, weight);
  const right = graph.op("QuantizeLinear", [graph.op("Div", [weight, weightScale]), one, graph.int8(0)]);
  const scaled = graph.op("Mul", [a, graph.op("Reshape", [weightScale, graph.integers([1, outputs])])]);
  const grouped = graph.op("Reshape", [scaled, graph.integers([-1, groups, outputs / groups])]);
  const scale = scaleOf(graph, grouped);
  const left = graph.op("QuantizeLinear", [graph.op("Div", [grouped, scale]), one, middle]);

  const byGroup = (value: Value) => graph.op("Transpose", [value], { perm: { ints: [1, 0, 2] } });
  const parts = (value: Value) => graph.ops("Split", [value], groups, { axis: { int: 0 } });
  const [lefts, rights, scales] = [parts(byGroup(left)), parts(right), parts(byGroup(scale))];
  const products = lefts.map((part, group) => {
    const product = graph.msOp("MatMulIntegerToFloat", [part, rights[group]!, one, one, middle]);
    return graph.op("Mul", [product, scales[group]!]);
  });
  const sum = groups === 1 ? products[0]! : graph.op("Sum", products);
  return graph.op("Reshape", [sum, graph.integers([-1, inputs])]);
}

/** More than one only where rows become narrower: summing the groups' products takes a pass of the result for each. */
function groupCount(outputs: number, inputs: number): number {
  if (outputs <= inputs) return 1;
  let groups = Math.max(1, Math.min(MOST_GROUPS, Math.round(outputs / GROUP)));
  while (outputs % groups !== 0) groups -= 1;
  return groups;
}

/** What the last axis has to be divided by to lie between -127 and 127; for zeros a tiny number. */
function scaleOf(graph: Graph, values: Value): Value {
  const axis = { axes: { ints: [-1] } };
  const highest = graph.op("ReduceMax", [values], axis);
  const lowest = graph.op("ReduceMin", [values], axis);
  const largest = graph.op("Max", [highest, graph.op("Neg", [lowest]), graph.scalar(1e-30)]);
  return graph.op("Mul", [largest, graph.scalar(1 / STEPS)]);
}
