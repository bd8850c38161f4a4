import { Graph } from "../../formats/onnx/graph.js";
import type { ModelConfig } from "../../formats/model-config.js";
import { rmsNorm, rmsNormBackward } from "./layer-parts.js";

const ROWS = "rows";

/**
 * Final norm, logits and loss of rows that carry loss, and nothing else: `x` [rows, hidden] to `loss` [rows], each
 * row's weight times the surprise at its target in nats; with `gradient` also `dx`.
 *
 * The log-sum-exp is built from Max, Exp and ReduceSum: onnxruntime's ReduceLogSumExp is inexact over a large
 * vocabulary (2e-3 in gradients). dx needs no one-hot rows: it is weight · (softmax · E − E[target]).
 */
export function headGraph(config: ModelConfig, gradient: boolean): Uint8Array {
  const { hiddenSize, vocabSize } = config;
  const graph = new Graph(gradient ? "head_gradient" : "head_loss");
  const x = graph.input("x", "float32", [ROWS, hiddenSize]);
  const weight = graph.input("norm.weight", "float32", [hiddenSize]);
  const head = graph.input("head.weight", "float32", [vocabSize, hiddenSize]);
  const targets = graph.input("targets", "int64", [ROWS]);
  const weights = graph.input("weights", "float32", [ROWS, 1]);
  const last = graph.integers([-1]);

  const { normed, inverse } = rmsNorm(graph, x, weight, config);
  const logits = graph.op("Gemm", [normed, head], { transB: { int: 1 } });
  const highest = graph.op("ReduceMax", [logits], { axes: { ints: [-1] } });
  const exp = graph.op("Exp", [graph.op("Sub", [logits, highest])]);
  const sum = graph.op("ReduceSum", [exp, last]);
  const logSum = graph.op("Add", [graph.op("Log", [sum]), highest]);
  const targetRows = graph.op("Gather", [head, targets]);
  const targetLogit = graph.op("ReduceSum", [graph.op("Mul", [normed, targetRows]), last]);
  graph.output("loss", graph.op("Mul", [graph.op("Sub", [logSum, targetLogit]), weights]), [ROWS, 1]);
  if (gradient) {
    const expected = graph.op("Div", [graph.op("MatMul", [exp, head]), sum]);
    const dy = graph.op("Mul", [graph.op("Sub", [expected, targetRows]), weights]);
    const dx = rmsNormBackward(graph, { dy, x, inverse, weight, size: hiddenSize });
    graph.output("dx", dx, [ROWS, hiddenSize]);
  }
  return graph.toBytes();
}
