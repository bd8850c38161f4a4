import {
  encodeModel,
  type Attribute,
  type ConstantRecord,
  type Dimension,
  type ElementType,
  type NodeRecord,
  type PortRecord,
} from "./model-proto.js";

/** A tensor inside a graph. The brand keeps plain strings out: every value comes from the graph itself. */
export type Value = string & { readonly value: unique symbol };

/**
 * A graph of ONNX operators under construction.
 *
 * Each method adds one node and hands back what it computes; `toBytes` is the model file.
 */
export class Graph {
  readonly #name: string;
  readonly #inputs: PortRecord[] = [];
  readonly #outputs: PortRecord[] = [];
  /** Nodes write into outputs directly: an Identity node between would copy. */
  readonly #outputNames = new Map<string, string>();
  readonly #constants: ConstantRecord[] = [];
  readonly #nodes: NodeRecord[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  /** A tensor that is handed in at every run. */
  input(name: string, type: ElementType, shape: Dimension[]): Value {
    this.#inputs.push({ name, type, shape });
    return name as Value;
  }

  /** Names what a node computes as a result of the graph. */
  output(name: string, value: Value, shape: Dimension[], type: ElementType = "float32"): void {
    this.#outputs.push({ name, type, shape });
    this.#outputNames.set(value, name);
  }

  /** A float32 number, as a tensor without dimensions. */
  scalar(value: number): Value {
    return this.#constant(Float32Array.of(value), []);
  }

  /** A whole number from -128 to 127, as a tensor without dimensions. */
  int8(value: number): Value {
    return this.#constant(Int8Array.of(value), []);
  }

  /** A whole number from 0 to 255, as a tensor without dimensions. */
  uint8(value: number): Value {
    return this.#constant(Uint8Array.of(value), []);
  }

  /** A list of whole numbers, such as a shape or axes. */
  integers(values: readonly number[]): Value {
    return this.#constant(BigInt64Array.from(values, BigInt), [values.length]);
  }

  /** One of ONNX's own operators with one result. */
  op(type: string, inputs: readonly Value[], attributes: Record<string, Attribute> = {}): Value {
    return this.#node("", type, inputs, attributes, 1)[0]!;
  }

  /** As `op`, with several results. */
  ops(
    type: string,
    inputs: readonly Value[],
    results: number,
    attributes: Record<string, Attribute> = {},
  ): Value[] {
    return this.#node("", type, inputs, attributes, results);
  }

  /** One of onnxruntime's own operators (domain `com.microsoft`) with one result. */
  msOp(type: string, inputs: readonly Value[], attributes: Record<string, Attribute> = {}): Value {
    return this.#node("com.microsoft", type, inputs, attributes, 1)[0]!;
  }

  /** The model file. */
  toBytes(): Uint8Array {
    const named = (value: string) => this.#outputNames.get(value) ?? value;
    return encodeModel({
      name: this.#name,
      inputs: this.#inputs,
      outputs: this.#outputs,
      constants: this.#constants,
      nodes: this.#nodes.map((node) => ({
        ...node,
        inputs: node.inputs.map(named),
        outputs: node.outputs.map(named),
      })),
    });
  }

  #constant(values: ConstantRecord["values"], shape: number[]): Value {
    const name = `constant_${this.#constants.length}`;
    this.#constants.push({ name, values, shape });
    return name as Value;
  }

  #node(
    domain: string,
    type: string,
    inputs: readonly Value[],
    attributes: Record<string, Attribute>,
    results: number,
  ): Value[] {
    const stem = `${type}_${this.#nodes.length}`;
    const outputs = Array.from({ length: results }, (_, index) => `${stem}_${index}` as Value);
    this.#nodes.push({ type, domain, inputs: [...inputs], outputs, attributes });
    return outputs;
  }
}
