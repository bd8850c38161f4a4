import { Graph, type Value } from "../../formats/onnx/graph.js";
import type { Target } from "../../train/lora.js";
import { attendBackward } from "./attention-graph.js";
import { headsBackward } from "./heads.js";
import { linearBackward, maskInputs } from "./linear-graph.js";
import {
  keptActivations,
  keptType,
  layoutInputs,
  normWeight,
  rmsNorm,
  rmsNormBackward,
  toFloat32,
  TOKENS,
  type KeptName,
  type LayerShape,
} from "./layer-parts.js";

/**
 * The gradient graph of one layer, written from primitives: onnxruntime's inference build has no gradient kernels.
 *
 * Takes `x`, the kept activations and `dy`; gives `dx` and the gradients of the LoRA pairs, as `linearBackward` names
 * them. Frozen weights get none.
 */
export function layerBackwardGraph(shape: LayerShape): Uint8Array {
  const { config } = shape;
  const hidden = config.hiddenSize;
  const graph = new Graph("layer_backward");
  const layout = layoutInputs(graph, config);
  const x = graph.input("x", "float32", [TOKENS, hidden]);
  const dy = graph.input("dy", "float32", [TOKENS, hidden]);
  const kept = Object.fromEntries(
    Object.entries(keptActivations(config)).map(([name, width]) => {
      const type = keptType(name as KeptName, shape.types);
      const value = graph.input(name, type, [TOKENS, width]);
      return [name, type === "float16" ? toFloat32(graph, value) : value];
    }),
  ) as Record<KeptName, Value>;

  const masks = maskInputs(graph, shape);
  const linear = (input: Value, gradients: readonly (readonly [Target, Value])[]) =>
    linearBackward(graph, shape, input, gradients, masks);

  // Feed-forward block.
  const { gate, up, middle } = kept;
  const silu = graph.msOp("QuickGelu", [gate], { alpha: { float: 1 } });
  const sigmoid = graph.op("Sigmoid", [gate]);
  const activated = graph.op("Mul", [silu, up]);
  const dActivated = linear(activated, [["down_proj", dy]]);
  // SiLU's derivative is σ + silu · (1 − σ).
  const slope = graph.op("Add", [
    sigmoid,
    graph.op("Mul", [silu, graph.op("Sub", [graph.scalar(1), sigmoid])]),
  ]);
  const weightMiddle = normWeight(graph, "post_attention_layernorm", shape);
  const { normed: normedMiddle, inverse: inverseMiddle } = rmsNorm(graph, middle, weightMiddle, config);
  const dNormedMiddle = linear(normedMiddle, [
    ["gate_proj", graph.op("Mul", [graph.op("Mul", [dActivated, up]), slope])],
    ["up_proj", graph.op("Mul", [dActivated, silu])],
  ]);
  const dThroughMiddle = rmsNormBackward(graph, {
    dy: dNormedMiddle,
    x: middle,
    inverse: inverseMiddle,
    weight: weightMiddle,
    size: hidden,
  });
  const dMiddle = graph.op("Add", [dy, dThroughMiddle]);

  // Attention block.
  const dContext = linear(kept.context, [["o_proj", dMiddle]]);
  const query = headsBackward(graph, kept.query, "query", shape, layout);
  const key = headsBackward(graph, kept.key, "key", shape, layout);
  const rows = { query: query.rotated, key: key.rotated, value: kept.value };
  const d = attendBackward(graph, { rows, context: kept.context, dContext }, config, layout);
  const weightInput = normWeight(graph, "input_layernorm", shape);
  const { normed, inverse } = rmsNorm(graph, x, weightInput, config);
  const dNormed = linear(normed, [
    ["q_proj", query.toProjected(d.query)],
    ["k_proj", key.toProjected(d.key)],
    ["v_proj", d.value],
  ]);
  const dThroughInput = rmsNormBackward(graph, {
    dy: dNormed,
    x,
    inverse,
    weight: weightInput,
    size: hidden,
  });
  graph.output("dx", graph.op("Add", [dMiddle, dThroughInput]), [TOKENS, hidden]);
  return graph.toBytes();
}
