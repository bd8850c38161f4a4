import assert from "node:assert/strict";
import { test } from "node:test";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { float16Tensor } from "../../engines/onnxruntime/ort-session.js";
import { Graph } from "./graph.js";

/** Runs a graph and gives its outputs as plain arrays. */
async function run(graph: Graph, feeds: Record<string, Tensor>): Promise<Record<string, number[]>> {
  const session = await InferenceSession.create(graph.toBytes());
  const outputs = await session.run(feeds);
  await session.release();
  return Object.fromEntries(
    Object.entries(outputs).map(([name, tensor]) => [name, Array.from(tensor.data as Float32Array)]),
  );
}

test("attributes, constants, several results and sizes known only at run time reach onnxruntime as meant", async () => {
  const graph = new Graph("example");
  const x = graph.input("x", "float32", ["rows", 4]);
  const half = graph.input("half", "float16", [2, 4]);
  const indices = graph.input("indices", "int64", ["picked"]);
  const wide = graph.op("Cast", [half], { to: { int: 1 } });
  const product = graph.op("Gemm", [x, wide], { transB: { int: 1 }, alpha: { float: 0.5 } });
  graph.output("product", product, ["rows", 2]);
  graph.output("scaled", graph.op("Mul", [product, graph.scalar(10)]), ["rows", 2]);
  const [left, right] = graph.ops("Split", [x, graph.integers([1, 3])], 2, { axis: { int: 1 } });
  graph.output("left", left!, ["rows", 1]);
  graph.output("turned", graph.op("Transpose", [right!], { perm: { ints: [1, 0] } }), [3, "rows"]);
  graph.output("picked", graph.op("Gather", [x, indices]), ["picked", 4]);
  graph.output("silu", graph.msOp("QuickGelu", [x], { alpha: { float: 1 } }), ["rows", 4]);

  const outputs = await run(graph, {
    x: new Tensor("float32", Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), [3, 4]),
    // 1, 0, 0, 0 and 0, 0, 0, 2 in half precision.
    half: float16Tensor(Uint16Array.of(0x3c00, 0, 0, 0, 0, 0, 0, 0x4000), [2, 4]),
    indices: new Tensor("int64", BigInt64Array.of(2n, 0n), [2]),
  });
  assert.deepEqual(outputs["product"], [0.5, 4, 2.5, 8, 4.5, 12]);
  assert.deepEqual(outputs["scaled"], [5, 40, 25, 80, 45, 120]);
  assert.deepEqual(outputs["left"], [1, 5, 9]);
  assert.deepEqual(outputs["turned"], [2, 6, 10, 3, 7, 11, 4, 8, 12]);
  assert.deepEqual(outputs["picked"], [9, 10, 11, 12, 1, 2, 3, 4]);
  assert.ok(Math.abs(outputs["silu"]![0]! - 1 / (1 + Math.exp(-1))) < 1e-6);
});
