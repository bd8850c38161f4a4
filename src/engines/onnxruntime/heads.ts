import type { Graph, Value } from "../../formats/onnx/graph.js";
import { rmsNorm, rmsNormBackward, rotate, type LayerShape, type LayoutInputs } from "./layer-parts.js";

/** Queries or keys on their way into attention, as rows: [tokens, heads · headSize]. */
type Heads = {
  /** What the backward graph needs of them. */
  kept: Value;
  rotated: Value;
};

/** The weights of a layer's two norms of heads, [headSize] each. */
export const HEAD_NORMS = { query: "q_norm.weight", key: "k_norm.weight" } as const;
type HeadName = keyof typeof HEAD_NORMS;

/** Projected queries or keys, normed head by head where the model does so, and rotated. */
export function headsForward(
  graph: Graph,
  projected: Value,
  name: HeadName,
  shape: LayerShape,
  layout: LayoutInputs,
): Heads {
  const { headNorms } = shape.config;
  const normed = headNorms
    ? joinHeads(graph, norm(graph, projected, name, shape).normed, name, shape)
    : projected;
  const rotated = rotate(graph, normed, layout, "forward");
  return { kept: headNorms ? projected : rotated, rotated };
}

/**
 * The same heads in the backward graph, and the way back for their gradients, from rotated to projected.
 *
 * Of normed heads the projections are kept, and normed and rotated again: to go back through a norm needs its input,
 * and keeping both would be 23 % more activations for Qwen3-0.6B, to save two element-wise passes.
 */
export function headsBackward(
  graph: Graph,
  kept: Value,
  name: HeadName,
  shape: LayerShape,
  layout: LayoutInputs,
): { rotated: Value; toProjected: (gradient: Value) => Value } {
  const rotateBack = (gradient: Value) => rotate(graph, gradient, layout, "backward");
  if (!shape.config.headNorms) return { rotated: kept, toProjected: rotateBack };
  const { x, weight, normed, inverse } = norm(graph, kept, name, shape);
  return {
    rotated: rotate(graph, joinHeads(graph, normed, name, shape), layout, "forward"),
    toProjected: (gradient) => {
      const dy = splitHeads(graph, rotateBack(gradient), name, shape);
      const size = shape.config.headSize;
      return joinHeads(graph, rmsNormBackward(graph, { dy, x, inverse, weight, size }), name, shape);
    },
  };
}

function norm(graph: Graph, projected: Value, name: HeadName, shape: LayerShape) {
  const weight = graph.input(HEAD_NORMS[name], "float32", [shape.config.headSize]);
  const x = splitHeads(graph, projected, name, shape);
  const { normed, inverse } = rmsNorm(graph, x, weight, shape.config);
  return { x, weight, normed, inverse };
}

/** [tokens, heads · headSize] to [tokens, heads, headSize]. */
function splitHeads(graph: Graph, rows: Value, name: HeadName, { config }: LayerShape): Value {
  return graph.op("Reshape", [rows, graph.integers([0, countOf(name, config), config.headSize])]);
}

function joinHeads(graph: Graph, heads: Value, name: HeadName, { config }: LayerShape): Value {
  return graph.op("Reshape", [heads, graph.integers([0, countOf(name, config) * config.headSize])]);
}

function countOf(name: HeadName, { heads, kvHeads }: LayerShape["config"]): number {
  return name === "query" ? heads : kvHeads;
}
