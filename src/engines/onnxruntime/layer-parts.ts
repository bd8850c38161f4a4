import type { Graph, Value } from "../../formats/onnx/graph.js";
import type { ModelConfig } from "../../formats/model-config.js";
import type { Lora } from "../../train/lora.js";
import type { NumberTypes } from "./number-types.js";

/** What the graphs of a model are made for. */
export type LayerShape = {
  config: ModelConfig;
  lora: Lora;
  types: NumberTypes;
  /** Whether the inputs of LoRA pairs are masked. */
  dropout?: boolean;
};

/** Names of sizes that are known only when a graph runs: tokens, bins, places in a bin, rows of the rotary table. */
export const TOKENS = "tokens";
export const BINS = "bins";
export const BIN_LENGTH = "bin_length";
const ROTARY_ROWS = "rotary_rows";
/** Rows of one sample, rows of several, and the most places of one of those. */
const [OWN, SHARED, COPIES] = ["own", "shared", "copies"];

/** What a layer hands from its forward to its backward graph, and how wide each is per token. */
export function keptActivations(config: ModelConfig): Record<KeptName, number> {
  const queries = config.heads * config.headSize;
  const keys = config.kvHeads * config.headSize;
  return {
    query: queries,
    key: keys,
    value: keys,
    context: queries,
    middle: config.hiddenSize,
    gate: config.ffnSize,
    up: config.ffnSize,
  };
}

/**
 * `query` and `key` are already rotated, but where heads are normed as projected; `context` is what attention gathered;
 * `middle` goes into the second norm.
 */
export type KeptName = "query" | "key" | "value" | "context" | "middle" | "gate" | "up";

/** Whether an activation is kept in 16 bits where the precision allows it: not what layers add up, which grows large. */
export function keptType(name: KeptName, types: NumberTypes): "float32" | "float16" {
  return name === "middle" ? "float32" : types.kept;
}

export function toFloat32(graph: Graph, value: Value): Value {
  return graph.op("Cast", [value], { to: { int: 1 } });
}

export function toFloat16(graph: Graph, value: Value): Value {
  return graph.op("Cast", [value], { to: { int: 10 } });
}

/** A norm's weight, [hidden]. */
export function normWeight(graph: Graph, name: string, { config }: LayerShape): Value {
  return graph.input(`${name}.weight`, "float32", [config.hiddenSize]);
}

/** RMSNorm over the last dimension: the normalised values, and the inverses of the root mean squares, that dimension 1. */
export function rmsNorm(
  graph: Graph,
  x: Value,
  weight: Value,
  config: ModelConfig,
): { normed: Value; inverse: Value } {
  const [normed, inverse] = graph.ops("SimplifiedLayerNormalization", [x, weight], 2, {
    axis: { int: -1 },
    epsilon: { float: config.normEpsilon },
  });
  return { normed: normed!, inverse: inverse! };
}

/**
 * The gradient that goes into an RMSNorm: with g = dy · weight, dx = inverse · (g − x · inverse² · mean(g · x)).
 */
export function rmsNormBackward(
  graph: Graph,
  { dy, x, inverse, weight, size }: { dy: Value; x: Value; inverse: Value; weight: Value; size: number },
): Value {
  const scaled = graph.op("Mul", [dy, weight]);
  const dot = graph.op("ReduceSum", [graph.op("Mul", [scaled, x]), graph.integers([-1])]);
  const squared = graph.op("Mul", [inverse, inverse]);
  const share = graph.op("Mul", [graph.op("Mul", [dot, squared]), graph.scalar(1 / size)]);
  return graph.op("Mul", [graph.op("Sub", [scaled, graph.op("Mul", [x, share])]), inverse]);
}

/** What both graphs of a layer need to know of a run's layout. */
export type LayoutInputs = {
  positions: Value;
  cos: Value;
  sin: Value;
  tokens: Value;
  places: Value;
  ownPlaces: Value;
  sharedPlaces: Value;
  sharedMask: Value;
  once: Value;
  mask: Value;
};

export function layoutInputs(graph: Graph, config: ModelConfig): LayoutInputs {
  return {
    positions: graph.input("positions", "int64", [1, TOKENS]),
    cos: graph.input("cos", "float32", [ROTARY_ROWS, config.headSize / 2]),
    sin: graph.input("sin", "float32", [ROTARY_ROWS, config.headSize / 2]),
    tokens: graph.input("tokens", "int64", [BINS, BIN_LENGTH]),
    places: graph.input("places", "int64", [TOKENS]),
    ownPlaces: graph.input("own_places", "int64", [OWN]),
    sharedPlaces: graph.input("shared_places", "int64", [SHARED, COPIES]),
    sharedMask: graph.input("shared_mask", "float32", [SHARED, COPIES, 1]),
    once: graph.input("once", "float32", [BINS, BIN_LENGTH, 1]),
    mask: graph.input("mask", "float32", [BINS, 1, BIN_LENGTH, BIN_LENGTH]),
  };
}

/** Rotates heads by their positions; with the sine negated, back again, which is also the gradient's way. */
export function rotate(
  graph: Graph,
  x: Value,
  layout: LayoutInputs,
  direction: "forward" | "backward",
): Value {
  const sin = direction === "forward" ? layout.sin : graph.op("Neg", [layout.sin]);
  const rows = graph.op("Unsqueeze", [x, graph.integers([0])]);
  const rotated = graph.msOp("RotaryEmbedding", [rows, layout.positions, layout.cos, sin]);
  return graph.op("Squeeze", [rotated, graph.integers([0])]);
}
