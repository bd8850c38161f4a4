import { Graph, type Value } from "../../formats/onnx/graph.js";
import type { ModelConfig } from "../../formats/model-config.js";
import { rmsNorm, rmsNormBackward, toFloat32 } from "./layer-parts.js";
import type { StoredType } from "./number-types.js";

const ROWS = "rows";
const BLOCK = "block";

/** The final norm of the rows that carry loss: `x` to `normed`, both [rows, hidden]. */
export function headNormGraph(config: ModelConfig): Uint8Array {
  const { graph, x, weight } = open(config, "head_norm");
  graph.output("normed", rmsNorm(graph, x, weight, config).normed, [ROWS, config.hiddenSize]);
  return graph.toBytes();
}

/**
 * Softmax over the vocabulary a block of the output matrix at a time, so that neither all logits nor all of the matrix
 * as float32 exist at once: from `maximum` and `sum` of the blocks before, [rows, 1], to `next_maximum` and
 * `next_sum`. With `gradient` also the rows of the matrix summed by their unnormalised probabilities,
 * `expected` to `next_expected`, [rows, hidden].
 *
 * Built from Max, Exp and ReduceSum: onnxruntime's ReduceLogSumExp is inexact over a large vocabulary (2e-3 in
 * gradients).
 *
 * @source online softmax: Milakov and Gimelshein 2018, algorithm 3
 */
export function headBlockGraph({ hiddenSize }: ModelConfig, type: StoredType, gradient: boolean): Uint8Array {
  const graph = new Graph(gradient ? "head_block_gradient" : "head_block");
  const normed = graph.input("normed", "float32", [ROWS, hiddenSize]);
  const stored = graph.input("block", type, [BLOCK, hiddenSize]);
  const before = graph.input("maximum", "float32", [ROWS, 1]);
  const sum = graph.input("sum", "float32", [ROWS, 1]);
  const block = type === "float16" ? toFloat32(graph, stored) : stored;

  const logits = graph.op("Gemm", [normed, block], { transB: { int: 1 } });
  const maximum = graph.op("Max", [before, graph.op("ReduceMax", [logits], { axes: { ints: [-1] } })]);
  const exp = graph.op("Exp", [graph.op("Sub", [logits, maximum])]);
  const fading = graph.op("Exp", [graph.op("Sub", [before, maximum])]);
  const blockSum = graph.op("ReduceSum", [exp, graph.integers([-1])]);
  graph.output("next_maximum", maximum, [ROWS, 1]);
  graph.output("next_sum", graph.op("Add", [graph.op("Mul", [sum, fading]), blockSum]), [ROWS, 1]);
  if (gradient) {
    const expected = graph.input("expected", "float32", [ROWS, hiddenSize]);
    const faded = graph.op("Mul", [expected, fading]);
    graph.output("next_expected", graph.op("Gemm", [exp, block, faded]), [ROWS, hiddenSize]);
  }
  return graph.toBytes();
}

/**
 * From the softmax's `maximum`, `sum` and `expected` to `loss` [rows, 1], each row's weight times the surprise at its
 * target in nats; with `gradient` also `dx`, through the final norm.
 *
 * `target_rows` are the output matrix's rows of the targets. No one-hot rows are needed: the gradient at the logits
 * times the matrix is weight · (softmax · E − E[target]).
 */
export function headEndGraph(config: ModelConfig, gradient: boolean): Uint8Array {
  const { hiddenSize } = config;
  const { graph, x, weight } = open(config, gradient ? "head_end_gradient" : "head_end");
  const maximum = graph.input("maximum", "float32", [ROWS, 1]);
  const sum = graph.input("sum", "float32", [ROWS, 1]);
  const targetRows = graph.input("target_rows", "float32", [ROWS, hiddenSize]);
  const weights = graph.input("weights", "float32", [ROWS, 1]);

  const { normed, inverse } = rmsNorm(graph, x, weight, config);
  const targetLogit = graph.op("ReduceSum", [graph.op("Mul", [normed, targetRows]), graph.integers([-1])]);
  const surprise = graph.op("Sub", [graph.op("Add", [graph.op("Log", [sum]), maximum]), targetLogit]);
  graph.output("loss", graph.op("Mul", [surprise, weights]), [ROWS, 1]);
  if (gradient) {
    const expected = graph.input("expected", "float32", [ROWS, hiddenSize]);
    const atLogits = graph.op("Sub", [graph.op("Div", [expected, sum]), targetRows]);
    const dy = graph.op("Mul", [atLogits, weights]);
    graph.output("dx", rmsNormBackward(graph, { dy, x, inverse, weight, size: hiddenSize }), [
      ROWS,
      hiddenSize,
    ]);
  }
  return graph.toBytes();
}

function open({ hiddenSize }: ModelConfig, name: string): { graph: Graph; x: Value; weight: Value } {
  const graph = new Graph(name);
  const x = graph.input("x", "float32", [ROWS, hiddenSize]);
  return { graph, x, weight: graph.input("norm.weight", "float32", [hiddenSize]) };
}
