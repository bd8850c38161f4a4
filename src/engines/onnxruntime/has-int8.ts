import { Graph } from "../../formats/onnx/graph.js";
import { int8Product } from "./int8-product.js";
import { createOrtSession, float32Tensor } from "./ort-session.js";

const [ROWS, OUTPUTS, INPUTS] = [16, 64, 64];

/**
 * Whether this processor has an instruction for 8-bit products (VNNI), which makes them exact and three times as fast
 * as float32.
 *
 * Without it sums of two products are cut at 32,767, which shows with numbers as large as these: no list of processors
 * is needed, nor a way to ask for theirs. Not decided by a stopwatch, because a training that is repeated has to come
 * to the same bits on a busy machine too. On ARM nothing was measured, so it counts as without.
 */
export async function hasInt8(): Promise<boolean> {
  if (process.arch !== "x64") return false;
  const graph = new Graph("product_of_ones");
  const a = graph.input("a", "float32", [ROWS, OUTPUTS]);
  const weight = graph.input("weight", "float32", [OUTPUTS, INPUTS]);
  graph.output("product", int8Product(graph, { a, weight, outputs: OUTPUTS, inputs: INPUTS }), [
    ROWS,
    INPUTS,
  ]);
  const session = await createOrtSession(graph.toBytes());
  const product = new Float32Array(ROWS * INPUTS);
  try {
    await session.run(
      {
        a: float32Tensor(new Float32Array(ROWS * OUTPUTS).fill(1), [ROWS, OUTPUTS]),
        weight: float32Tensor(new Float32Array(OUTPUTS * INPUTS).fill(1), [OUTPUTS, INPUTS]),
      },
      { product: float32Tensor(product, [ROWS, INPUTS]) },
    );
    return product.every((value) => Math.abs(value / OUTPUTS - 1) < 1e-3);
  } finally {
    await session.close();
  }
}
