import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** Element types our graphs use, by the names that onnxruntime gives them. */
export type ElementType = "float32" | "float16" | "uint8" | "int8" | "int32" | "int64";

/** A size, or the name of a size that is known only when the graph runs. */
export type Dimension = number | string;

/** The setting of an operator. */
export type Attribute = { float: number } | { int: number } | { ints: number[] };

export type NodeRecord = {
  type: string;
  /** Empty for ONNX's own operators. */
  domain: string;
  inputs: string[];
  outputs: string[];
  attributes: Record<string, Attribute>;
};
export type PortRecord = { name: string; type: ElementType; shape: Dimension[] };
export type ConstantRecord = {
  name: string;
  values: Float32Array | BigInt64Array | Int8Array | Uint8Array;
  shape: number[];
};

export type GraphRecord = {
  name: string;
  inputs: PortRecord[];
  outputs: PortRecord[];
  constants: ConstantRecord[];
  nodes: NodeRecord[];
};

const ELEMENT_CODE = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, float16: 10 } as const;
const ATTRIBUTE_CODE = { float: 1, int: 2, ints: 7 } as const;

/** The version of the file format, and of each set of operators that a graph may use. */
const IR_VERSION = 8;
const OPERATOR_SETS = { "": 17, "com.microsoft": 1 } as const;

/**
 * The bytes of an ONNX model that holds one graph.
 *
 * @source onnx.proto of ONNX 1.12 (IR version 8): field numbers of ModelProto and what it contains
 */
export function encodeModel(graph: GraphRecord): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).int64(IR_VERSION);
  writer.tag(2, WireType.LengthDelimited).string("kouwen");
  message(writer, 7, () => writeGraph(writer, graph));
  for (const [domain, version] of Object.entries(OPERATOR_SETS)) {
    message(writer, 8, () => {
      text(writer, 1, domain);
      writer.tag(2, WireType.Varint).int64(version);
    });
  }
  return writer.finish();
}

function writeGraph(writer: BinaryWriter, graph: GraphRecord): void {
  for (const node of graph.nodes) message(writer, 1, () => writeNode(writer, node));
  text(writer, 2, graph.name);
  for (const constant of graph.constants) message(writer, 5, () => writeTensor(writer, constant));
  for (const port of graph.inputs) message(writer, 11, () => writePort(writer, port));
  for (const port of graph.outputs) message(writer, 12, () => writePort(writer, port));
}

function writeNode(writer: BinaryWriter, node: NodeRecord): void {
  for (const input of node.inputs) text(writer, 1, input);
  for (const output of node.outputs) text(writer, 2, output);
  text(writer, 4, node.type);
  for (const [name, attribute] of Object.entries(node.attributes)) {
    message(writer, 5, () => writeAttribute(writer, name, attribute));
  }
  if (node.domain !== "") text(writer, 7, node.domain);
}

function writeAttribute(writer: BinaryWriter, name: string, attribute: Attribute): void {
  text(writer, 1, name);
  if ("float" in attribute) writer.tag(2, WireType.Bit32).float(attribute.float);
  else if ("int" in attribute) writer.tag(3, WireType.Varint).int64(attribute.int);
  else for (const value of attribute.ints) writer.tag(8, WireType.Varint).int64(value);
  const kind = Object.keys(attribute)[0] as keyof typeof ATTRIBUTE_CODE;
  writer.tag(20, WireType.Varint).int32(ATTRIBUTE_CODE[kind]);
}

function writeTensor(writer: BinaryWriter, { name, values, shape }: ConstantRecord): void {
  for (const size of shape) writer.tag(1, WireType.Varint).int64(size);
  writer.tag(2, WireType.Varint).int32(ELEMENT_CODE[typeOf(values)]);
  text(writer, 8, name);
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  writer.tag(9, WireType.LengthDelimited).bytes(bytes);
}

function typeOf(values: ConstantRecord["values"]): ElementType {
  if (values instanceof Float32Array) return "float32";
  if (values instanceof BigInt64Array) return "int64";
  return values instanceof Int8Array ? "int8" : "uint8";
}

function writePort(writer: BinaryWriter, port: PortRecord): void {
  text(writer, 1, port.name);
  message(writer, 2, () =>
    message(writer, 1, () => {
      writer.tag(1, WireType.Varint).int32(ELEMENT_CODE[port.type]);
      message(writer, 2, () => {
        for (const size of port.shape) {
          message(writer, 1, () => {
            if (typeof size === "number") writer.tag(1, WireType.Varint).int64(size);
            else text(writer, 2, size);
          });
        }
      });
    }),
  );
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

function message(writer: BinaryWriter, field: number, write: () => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write();
  writer.join();
}
