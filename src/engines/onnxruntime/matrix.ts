import type { Tensor } from "onnxruntime-node";
import { float16ToFloat32 } from "../../formats/half.js";
import { float16Tensor, float32Tensor, int8Tensor } from "./ort-session.js";

/** A frozen tensor: float32, the bit patterns of float16, or what `roundToInt8` made of it. */
export type Matrix<Values = Float32Array | Uint16Array | Int8Array> = { values: Values; shape: number[] };

/** A matrix that rows can be taken from. */
export type PlainMatrix = Matrix<Float32Array | Uint16Array>;

/** The matrix as a graph's input; a view, nothing is copied. */
export function toTensor({ values, shape }: Matrix): Tensor {
  if (values instanceof Float32Array) return float32Tensor(values, shape);
  return values instanceof Uint16Array ? float16Tensor(values, shape) : int8Tensor(values, shape);
}

/** Rows `first` up to but not including `end`, as a graph's input; a view. */
export function matrixRows({ values, shape }: PlainMatrix, first: number, end: number): Tensor {
  const columns = shape[1]!;
  return toTensor({
    values: values.subarray(first * columns, end * columns),
    shape: [end - first, columns],
  });
}

/** Copies a row as float32 to the row `to` of `target`, which has as many columns. */
export function copyMatrixRow(
  { values, shape }: PlainMatrix,
  row: number,
  target: Float32Array,
  to: number,
): void {
  const columns = shape[1]!;
  const view = values.subarray(row * columns, (row + 1) * columns);
  target.set(view instanceof Float32Array ? view : float16ToFloat32(view), to * columns);
}

export function matrixType({ values }: PlainMatrix): "float32" | "float16" {
  return values instanceof Float32Array ? "float32" : "float16";
}
