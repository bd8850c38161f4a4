import { Graph } from "../../formats/onnx/graph.js";
import { int8Product } from "./int8-product.js";
import { createOrtSession, float32Tensor } from "./ort-session.js";

const [ROWS, OUTPUTS, INPUTS] = [256, 512, 512];
/** The fastest of so many counts, taken in turns, so that a busy moment does not decide. */
const REPEATS = 15;
/** 8-bit products have to be this much faster, or they are not worth their rounding; with VNNI they are 3 times. */
const ENOUGH = 1.3;

/**
 * Whether this processor multiplies 8-bit numbers exactly, and faster than float32.
 *
 * Without the instruction for it (VNNI on x86) sums of two products are cut at 32,767, which shows with numbers as
 * large as these; no list of processors is needed, nor a way to ask for theirs.
 */
export async function int8Helps(): Promise<boolean> {
  const int8 = await createProduct("int8");
  const float32 = await createProduct("float32");
  try {
    const result = await int8.run();
    if (result.some((value) => Math.abs(value / OUTPUTS - 1) > 1e-3)) return false;
    const fastest = { int8: Infinity, float32: Infinity };
    for (let repeat = 0; repeat < REPEATS; repeat += 1) {
      fastest.int8 = Math.min(fastest.int8, await secondsOf(int8.run));
      fastest.float32 = Math.min(fastest.float32, await secondsOf(float32.run));
    }
    return fastest.float32 > ENOUGH * fastest.int8;
  } finally {
    await int8.close();
    await float32.close();
  }
}

/** A product of ones. */
async function createProduct(
  type: "int8" | "float32",
): Promise<{ run: () => Promise<Float32Array>; close: () => Promise<void> }> {
  const graph = new Graph("product");
  const operands = [
    graph.input("a", "float32", [ROWS, OUTPUTS]),
    graph.input("weight", "float32", [OUTPUTS, INPUTS]),
  ] as const;
  const product = type === "int8" ? int8Product(graph, ...operands) : graph.op("MatMul", operands);
  graph.output("product", product, [ROWS, INPUTS]);
  const session = await createOrtSession(graph.toBytes());
  const inputs = {
    a: float32Tensor(new Float32Array(ROWS * OUTPUTS).fill(1), [ROWS, OUTPUTS]),
    weight: float32Tensor(new Float32Array(OUTPUTS * INPUTS).fill(1), [OUTPUTS, INPUTS]),
  };
  const result = new Float32Array(ROWS * INPUTS);
  const outputs = { product: float32Tensor(result, [ROWS, INPUTS]) };
  return { run: () => session.run(inputs, outputs).then(() => result), close: () => session.close() };
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
