import { Graph, type Value } from "../src/formats/onnx/graph.js";
import { createOrtSession, float32Tensor, type Arrays } from "../src/engines/onnxruntime/ort-session.js";

// Is it faster to add the LoRA pair to the weight first, or to compute it beside?
//   node dist/bench/lora-merge.js
// One linear layer of SmolLM2-135M, forward and gradient of its input, for runs of several lengths.

const [inputs, outputs, rank] = [576, 1536, 16];
const TURNS = 30;

function graph(merged: boolean): Uint8Array {
  const g = new Graph("linear");
  const x = g.input("x", "float32", ["tokens", inputs]);
  const dy = g.input("dy", "float32", ["tokens", outputs]);
  const w = g.input("w", "float32", [outputs, inputs]);
  const a = g.input("a", "float32", [rank, inputs]);
  const b = g.input("b", "float32", [outputs, rank]);
  const transB = { transB: { int: 1 } };
  let y: Value;
  let dx: Value;
  if (merged) {
    // Twice, because forward and backward are graphs of their own.
    y = g.op("Gemm", [x, g.op("Gemm", [b, a, w])], transB);
    dx = g.op("Gemm", [dy, g.op("Gemm", [b, a, w], { alpha: { float: 1 } })]);
  } else {
    const plain = g.op("Gemm", [x, w], transB);
    y = g.op("Gemm", [g.op("Gemm", [x, a], transB), b, plain], transB);
    dx = g.op("Gemm", [g.op("Gemm", [dy, b]), a, g.op("Gemm", [dy, w])]);
  }
  g.output("y", y, ["tokens", outputs]);
  g.output("dx", dx, ["tokens", inputs]);
  return g.toBytes();
}

const zeros = (...shape: [number, number]) => float32Tensor(new Float32Array(shape[0] * shape[1]), shape);
const variants = {
  merged: await createOrtSession(graph(true)),
  separate: await createOrtSession(graph(false)),
};
for (const tokens of [256, 512, 1024, 2048]) {
  const feeds: Arrays = {
    x: zeros(tokens, inputs),
    dy: zeros(tokens, outputs),
    w: zeros(outputs, inputs),
    a: zeros(rank, inputs),
    b: zeros(outputs, rank),
  };
  const results: Arrays = { y: zeros(tokens, outputs), dx: zeros(tokens, inputs) };
  const best = { merged: Infinity, separate: Infinity };
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const [name, session] of Object.entries(variants) as [keyof typeof best, typeof variants.merged][]) {
      const start = performance.now();
      await session.run(feeds, results);
      best[name] = Math.min(best[name], performance.now() - start);
    }
  }
  const ratio = (best.separate / best.merged).toFixed(2);
  const times = `merged ${best.merged.toFixed(2)} ms, separate ${best.separate.toFixed(2)} ms`;
  console.log(`${String(tokens).padStart(4)} tokens: ${times}: merged is ${ratio} times as fast`);
}
