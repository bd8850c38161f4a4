import { Graph, type Value } from "../../formats/onnx/graph.js";
import type { Target } from "../../train/lora.js";
import { attend } from "./attention-graph.js";
import { headsForward } from "./heads.js";
import { linearForward, maskInputs } from "./linear-graph.js";
import {
  keptActivations,
  keptType,
  layoutInputs,
  normWeight,
  rmsNorm,
  toFloat16,
  TOKENS,
  type KeptName,
  type LayerShape,
} from "./layer-parts.js";

/**
 * The graph of one layer: `x` to `y`, both [tokens, hidden], and whatever of `keptActivations` is asked for.
 *
 * @source LlamaDecoderLayer, Qwen2DecoderLayer and Qwen3DecoderLayer of transformers 5.6
 */
export function layerForwardGraph(shape: LayerShape): Uint8Array {
  const { config } = shape;
  const graph = new Graph("layer_forward");
  const layout = layoutInputs(graph, config);
  const x = graph.input("x", "float32", [TOKENS, config.hiddenSize]);
  const masks = maskInputs(graph, shape);
  const linear = (input: Value, target: Target) => linearForward(graph, shape, input, target, masks);
  const { normed } = rmsNorm(graph, x, normWeight(graph, "input_layernorm", shape), config);
  const query = headsForward(graph, linear(normed, "q_proj"), "query", shape, layout);
  const key = headsForward(graph, linear(normed, "k_proj"), "key", shape, layout);
  const value = linear(normed, "v_proj");
  const context = attend(graph, { query: query.rotated, key: key.rotated, value }, config, layout);
  const middle = graph.op("Add", [x, linear(context, "o_proj")]);
  const { normed: normedMiddle } = rmsNorm(
    graph,
    middle,
    normWeight(graph, "post_attention_layernorm", shape),
    config,
  );
  const gate = linear(normedMiddle, "gate_proj");
  const up = linear(normedMiddle, "up_proj");
  // With alpha 1 this is SiLU in one pass.
  const activated = graph.op("Mul", [graph.msOp("QuickGelu", [gate], { alpha: { float: 1 } }), up]);
  graph.output("y", graph.op("Add", [middle, linear(activated, "down_proj")]), [TOKENS, config.hiddenSize]);
  const kept: Record<KeptName, Value> = {
    query: query.kept,
    key: key.kept,
    value,
    context,
    middle,
    gate,
    up,
  };
  for (const [name, width] of Object.entries(keptActivations(config))) {
    const type = keptType(name as KeptName, shape.types);
    const value = kept[name as KeptName];
    graph.output(name, type === "float16" ? toFloat16(graph, value) : value, [TOKENS, width], type);
  }
  return graph.toBytes();
}
