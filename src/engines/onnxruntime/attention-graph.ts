import type { Graph, Value } from "../../formats/onnx/graph.js";
import type { ModelConfig } from "../../formats/model-config.js";
import type { LayoutInputs } from "./layer-parts.js";

/**
 * Attention inside bins. Heads that share a key are stacked along the rows: with `shared` = heads / kvHeads, queries
 * are [bins, kvHeads, shared · binLength, headSize], so that one product serves them all and the gradients of keys
 * and values come out summed.
 */
type Binned = { query: Value; key: Value; value: Value };

/** Token rows into bins: [tokens, heads · headSize] to [bins, kvHeads, heads / kvHeads · binLength, headSize]. */
function toBins(graph: Graph, rows: Value, heads: number, config: ModelConfig, layout: LayoutInputs): Value {
  return splitHeads(graph, graph.op("Gather", [rows, layout.tokens]), heads, config);
}

function splitHeads(graph: Graph, binned: Value, heads: number, config: ModelConfig): Value {
  const split = graph.op("Reshape", [binned, graph.integers([0, 0, heads, config.headSize])]);
  const byHead = graph.op("Transpose", [split], { perm: { ints: [0, 2, 1, 3] } });
  if (heads === config.kvHeads) return byHead;
  return graph.op("Reshape", [byHead, graph.integers([0, config.kvHeads, -1, config.headSize])]);
}

/** What lies at each place: [bins, kvHeads, heads / kvHeads · binLength, headSize] to [places, heads · headSize]. */
function joinHeads(graph: Graph, binned: Value, heads: number, config: ModelConfig): Value {
  const unstacked =
    heads === config.kvHeads
      ? binned
      : graph.op("Reshape", [binned, headShape(graph, config, config.headSize)]);
  const byPlace = graph.op("Transpose", [unstacked], { perm: { ints: [0, 2, 1, 3] } });
  return graph.op("Reshape", [byPlace, graph.integers([-1, heads * config.headSize])]);
}

/** The other way: of a row with several places what is at the first. Places without a token are left out. */
function fromBins(
  graph: Graph,
  binned: Value,
  heads: number,
  config: ModelConfig,
  layout: LayoutInputs,
): Value {
  return graph.op("Gather", [joinHeads(graph, binned, heads, config), layout.places]);
}

/** Of a row with several places the sum over them: gradients of keys or values, which all samples of the row read. */
function sumFromBins(graph: Graph, binned: Value, config: ModelConfig, layout: LayoutInputs): Value {
  const places = joinHeads(graph, binned, config.kvHeads, config);
  const copies = graph.op("Mul", [graph.op("Gather", [places, layout.sharedPlaces]), layout.sharedMask]);
  const shared = graph.op("ReduceSum", [copies, graph.integers([1])], { keepdims: { int: 0 } });
  const own = graph.op("Gather", [places, layout.ownPlaces]);
  return graph.op("Concat", [shared, own], { axis: { int: 0 } });
}

/** [bins, kvHeads, shared · binLength, last] to [bins, heads, binLength, last]; 0 keeps the last size. */
function headShape(graph: Graph, config: ModelConfig, last: number): Value {
  return graph.integers([0, config.heads, -1, last]);
}

function bin(graph: Graph, rows: Binned, config: ModelConfig, layout: LayoutInputs): Binned {
  return {
    query: toBins(graph, rows.query, config.heads, config, layout),
    key: toBins(graph, rows.key, config.kvHeads, config, layout),
    value: toBins(graph, rows.value, config.kvHeads, config, layout),
  };
}

/** Probabilities, [bins, kvHeads, shared · binLength, binLength]. */
function probabilities(
  graph: Graph,
  { query, key }: Binned,
  config: ModelConfig,
  layout: LayoutInputs,
): Value {
  const scores = graph.msOp("FusedMatMul", [query, key], {
    transB: { int: 1 },
    alpha: { float: 1 / Math.sqrt(config.headSize) },
  });
  const masked = graph.op("Add", [graph.op("Reshape", [scores, headShape(graph, config, 0)]), layout.mask]);
  const softmax = graph.op("Softmax", [masked], { axis: { int: -1 } });
  return graph.op("Reshape", [softmax, graph.integers([0, config.kvHeads, -1, 0])]);
}

/** What each token gathers: [tokens, heads · headSize]. `query` and `key` are rotated rows. */
export function attend(graph: Graph, rows: Binned, config: ModelConfig, layout: LayoutInputs): Value {
  const binned = bin(graph, rows, config, layout);
  const context = graph.op("MatMul", [probabilities(graph, binned, config, layout), binned.value]);
  return fromBins(graph, context, config.heads, config, layout);
}

/**
 * Gradients of rotated queries, rotated keys and values, as rows.
 *
 * Places without a token attend to themselves only, and what they and further places of a row gather has no gradient.
 *
 * @source softmax backward as in FlashAttention-2 (Dao 2023), section 3.1: dS = P ∘ (dP − rowsum(dO ∘ O))
 */
export function attendBackward(
  graph: Graph,
  { rows, context, dContext }: { rows: Binned; context: Value; dContext: Value },
  config: ModelConfig,
  layout: LayoutInputs,
): Binned {
  const { query, key, value } = bin(graph, rows, config, layout);
  const p = probabilities(graph, { query, key, value }, config, layout);
  const dBinned = graph.op("Mul", [graph.op("Gather", [dContext, layout.tokens]), layout.once]);
  const dOut = splitHeads(graph, dBinned, config.heads, config);
  const out = toBins(graph, context, config.heads, config, layout);
  const dValue = graph.msOp("FusedMatMul", [p, dOut], { transA: { int: 1 } });
  const dP = graph.msOp("FusedMatMul", [dOut, value], { transB: { int: 1 } });
  const rowSum = graph.op("ReduceSum", [graph.op("Mul", [dOut, out]), graph.integers([-1])]);
  const dScores = graph.op("Mul", [p, graph.op("Sub", [dP, rowSum])]);
  const alpha = { float: 1 / Math.sqrt(config.headSize) };
  const dQuery = graph.msOp("FusedMatMul", [dScores, key], { alpha });
  const dKey = graph.msOp("FusedMatMul", [dScores, query], { transA: { int: 1 }, alpha });
  return {
    query: fromBins(graph, dQuery, config.heads, config, layout),
    key: sumFromBins(graph, dKey, config, layout),
    value: sumFromBins(graph, dValue, config, layout),
  };
}
